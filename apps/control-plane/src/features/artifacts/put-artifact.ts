import { rulesVersion } from '@autopack/redaction/redact'
import type { Artifact, putArtifact as route } from '@autopack/contract/artifacts'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { artifactTable } from '../../db/artifact-tables.ts'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { lockRunOfExecutor, refuseClosedRun, touchRunForArtifact } from '../../shared/touch-run.ts'
import { findNewestArtifact, findRunOfExecutor, hasPhase, insertArtifact } from './artifact-rows.ts'
import type { Redactor } from './redactor.ts'
import type { TextEncoding } from './sniff-encoding.ts'
import { sniffMediaType } from './sniff-media-type.ts'
import { toArtifact } from './to-artifact.ts'

type Input = Pick<RouteInput<typeof route, ExecutorPrincipal>, 'principal' | 'params' | 'query' | 'body'>

/** Logs are flushed after the last phase was reported: final files may come for ten minutes after the end of a run. */
const lateUploadMs = 10 * 60_000

/**
 * Stores the file, and for a text its redacted whole in UTF-8 beside it; what is no text is searched for secrets. Then makes it the newest
 * version of its path. The same bytes again under the same path are the same version. Bytes are stored before the row: a row without bytes
 * cannot be.
 */
export async function putArtifact(deps: Deps, redactor: Redactor, { principal, params, query, body }: Input): Promise<Artifact> {
  const found = await findRunOfExecutor(deps.db, principal.executorId, params.run_id)
  if (!found) throw new ProblemError('not_found', `Your executor has no run ${params.run_id}.`)
  refuseClosedRun(found, await readClock(deps.db, deps.now), lateUploadMs)
  if (query.phase_id !== undefined && !(await hasPhase(deps.db, found.run_id, query.phase_id)))
    throw new ProblemError('not_found', `The run ${found.run_id} has no phase ${query.phase_id}.`)

  const stored = await storeBytes(deps, redactor, body)

  return deps.db.transaction(async (tx) => {
    const run = await lockRunOfExecutor(tx, principal.executorId, params.run_id)
    const now = await readClock(tx, deps.now)
    refuseClosedRun(run, now, lateUploadMs)
    const before = await findNewestArtifact(tx, run.run_id, query.path)
    const phaseId = query.phase_id ?? null
    const isSame = before?.sha256 === stored.sha256 && before.phase_id === phaseId
    const isJudgedAlike = before?.rules_version === stored.rules_version && before?.withheld_because === stored.withheld_because
    if (before && isSame && isJudgedAlike) return toArtifact(before, null)

    const row = await insertArtifact(tx, {
      run_id: run.run_id,
      path: query.path,
      artifact_version: (before?.artifact_version ?? 0) + 1,
      phase_id: phaseId,
      uploaded_at: now,
      ...stored,
    })
    const added = { count: before ? 0 : 1, sizeBytes: stored.size_bytes - (before?.size_bytes ?? 0) }
    const touched = await touchRunForArtifact(tx, run, added, now)
    await recordEvent(tx, { type: 'artifact.changed', resource: { kind: 'run', id: run.run_id }, ...touched })
    return toArtifact(row, null)
  })
}

type Stored = Omit<typeof artifactTable.$inferInsert, 'run_id' | 'path' | 'artifact_version' | 'phase_id' | 'uploaded_at' | 'newest'>

async function storeBytes(deps: Deps, redactor: Redactor, bytes: Uint8Array): Promise<Stored> {
  const sniffed = sniffMediaType(bytes)
  if (sniffed.shown_as === 'text') return storeText(deps, redactor, bytes, sniffed.encoding)
  const searchable = sniffed.shown_as === 'image' || sniffed.searchable
  // What is in an archive nobody sees here; a secret that stands in its bytes as it is is found all the same.
  const found = await redactor.search(bytes)
  const hasSecret = found !== null && found.rules.length > 0
  return {
    ...(await deps.artifactStore.put(bytes)),
    media_type: sniffed.media_type,
    shown_as: sniffed.shown_as,
    rules_version: rulesVersion,
    redactions_by_rule: found === null ? null : Object.fromEntries(found.rules.map((rule) => [rule, 1])),
    withheld_because: hasSecret ? 'secret_found' : !searchable ? 'not_searchable' : found === null ? 'not_searched' : null,
  }
}

async function storeText(deps: Deps, redactor: Redactor, bytes: Uint8Array, encoding: TextEncoding): Promise<Stored> {
  const redacted = await redactor.redact(bytes, encoding)
  const original = await deps.artifactStore.put(bytes)
  const shown = redacted.withheld ? null : await deps.artifactStore.put(redacted.bytes)
  return {
    ...original,
    media_type: redacted.media_type,
    shown_as: 'text',
    encoding,
    rules_version: rulesVersion,
    redaction_count: redacted.count,
    redactions_by_rule: redacted.by_rule,
    redacted_sha256: shown?.sha256 ?? null,
    redacted_size_bytes: shown?.size_bytes ?? null,
    line_marks: shown ? redacted.line_marks : null,
    withheld_because: shown ? null : 'redaction_failed',
  }
}
