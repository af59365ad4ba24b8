import type { getArtifactRaw as route } from '@autopack/contract/artifacts'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { ArtifactRow } from '../../db/artifact-tables.ts'
import type { Deps } from '../../deps.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { findArtifact, findVisibleRun } from './artifact-rows.ts'
import { canDownload } from './can-download.ts'
import { contentDisposition } from './content-disposition.ts'

type Input = RouteInput<typeof route, OperatorPrincipal>

/**
 * The whole: of a text the redacted one in UTF-8, as an attachment; an image as the image it really is; anything else as an
 * attachment of no type. Whatever it is, nothing in it runs where it is opened. Who takes an attachment is in the audit log before the first
 * byte leaves; an image that the page draws is a view of it, as a preview is of a text, unless nobody knows what is in it.
 */
export async function getArtifactRaw(deps: Deps, { principal, params, query, c, requestId }: Input): Promise<Response> {
  const run = await findVisibleRun(deps.db, principal, params.run_id)
  const row = run && (await findArtifact(deps.db, run.run_id, query.path, query.sha256))
  if (!row) throw new ProblemError('not_found', 'There is no such artifact, or you may not see it.')
  refuseWithheld(principal, row)

  const served = servedAs(row)
  const inline = row.shown_as === 'image' && query.download !== '1'
  const headers = new Headers({
    'content-type': served.contentType,
    'content-disposition': contentDisposition(inline ? 'inline' : 'attachment', row.path),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    etag: `"${served.sha256}"`,
    'x-artifact-original-size': String(row.size_bytes),
    'x-artifact-truncated': 'false',
    'x-artifact-redacted': String((row.redaction_count ?? 0) > 0),
    'x-artifact-redaction-count': String(row.redaction_count ?? 0),
    ...(row.encoding === null ? {} : { 'x-artifact-original-encoding': row.encoding }),
  })
  const offered = c.req.header('if-none-match')?.split(',') ?? []
  if (offered.some((tag) => tag.trim().replace(/^W\//, '') === `"${served.sha256}"`)) return new Response(null, { status: 304, headers })
  headers.set('content-length', String(served.sizeBytes))
  // Opened first, so that the log says nothing of bytes that are not there.
  const bytes = await deps.artifactStore.open(served.sha256)
  try {
    if (!inline || row.withheld_because !== null) await recordDownload(deps, principal, row, requestId)
  } catch (error) {
    await bytes.cancel()
    throw error
  }
  return new Response(bytes, { status: 200, headers })
}

function refuseWithheld(reader: OperatorPrincipal, row: ArtifactRow): void {
  const may = canDownload(reader.role, row.withheld_because)
  if (may === 'yes') return
  if (may === 'admins_only')
    throw new ProblemError('role_missing', `This file could not be searched for secrets, so only an admin may download it; you are ${reader.role}.`)
  throw new ProblemError(
    'artifact_withheld',
    row.withheld_because === 'secret_found'
      ? 'The bytes hold a secret that cannot be cut out of them, so nobody may download them.'
      : 'The text could not be redacted, so it is withheld.',
  )
}

async function recordDownload(deps: Deps, reader: OperatorPrincipal, row: ArtifactRow, requestId: string): Promise<void> {
  await deps.db.transaction((tx) =>
    recordAudit(
      tx,
      reader,
      {
        event_type: 'artifact.downloaded',
        result_status: 'ok',
        requested_by: reader.operatorId,
        run_id: row.run_id,
        phase_id: row.phase_id,
        external_object_id: row.path,
        payload_hash: row.sha256,
        payload_summary: describeDownload(row),
      },
      { requestId },
    ),
  )
}

function describeDownload(row: ArtifactRow): string {
  if (row.shown_as === 'text') return `${row.path}: the redacted text, ${row.redaction_count ?? 0} redactions`
  return `${row.path}: as it is, ${row.withheld_because === null ? 'no secret found' : 'not searched for secrets'}`
}

function servedAs(row: ArtifactRow): { sha256: string; sizeBytes: number; contentType: string } {
  if (row.shown_as === 'text') {
    if (row.redacted_sha256 === null || row.redacted_size_bytes === null) throw new Error('a text that is not withheld has no redacted text')
    return { sha256: row.redacted_sha256, sizeBytes: row.redacted_size_bytes, contentType: 'text/plain; charset=utf-8' }
  }
  const contentType = row.shown_as === 'image' ? row.media_type : 'application/octet-stream'
  return { sha256: row.sha256, sizeBytes: row.size_bytes, contentType }
}
