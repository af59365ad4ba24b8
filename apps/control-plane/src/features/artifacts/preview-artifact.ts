import type { artifactPreviewSchema, previewArtifact as route } from '@autopack/contract/artifacts'
import { MIB, previewDefaultBytes } from '@autopack/contract/limits'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type * as z from 'zod/mini'
import type { ArtifactRow } from '../../db/artifact-tables.ts'
import type { Deps } from '../../deps.ts'
import type { ArtifactStore, ByteRange } from '../../shared/artifact-store.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { findArtifact, findVisibleRun } from './artifact-rows.ts'
import { beyondRange, cutRange } from './cut-range.ts'
import { countHiddenCharacters } from './hidden-characters.ts'
import { countIn } from './line-marks.ts'
import { toArtifact } from './to-artifact.ts'

type Input = Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'query'>
type Preview = z.infer<typeof artifactPreviewSchema>

/**
 * Part of the redacted text: at most `max_bytes` of it, whole characters only. What is not text, and what is withheld,
 * has an empty preview; `artifact.shown_as` and `withheld` say which.
 */
export async function previewArtifact(deps: Deps, { principal, params, query }: Input): Promise<Preview> {
  const run = await findVisibleRun(deps.db, principal, params.run_id)
  const row = run && (await findArtifact(deps.db, run.run_id, query.path, query.sha256))
  if (!row) throw new ProblemError('not_found', 'There is no such artifact, or you may not see it.')
  if (row.redacted_sha256 === null || row.redacted_size_bytes === null) return emptyPreview(row, principal)

  const size = row.redacted_size_bytes
  const most = query.max_bytes ?? previewDefaultBytes
  const from = query.tail === '1' ? Math.max(0, size - most) : (query.from_byte ?? 0)
  if (from > size) throw new ProblemError('range_not_satisfiable', `The redacted text has ${size} bytes; byte ${from} is beyond its end.`)
  const to = Math.min(size, from + most)
  const bytes = await readRange(deps.artifactStore, row.redacted_sha256, { from, to: Math.min(size, to + beyondRange) })
  const shown = cutRange(bytes, from, to)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(shown.from - from, shown.to - from))
  return {
    artifact: toArtifact(row, principal),
    text,
    from_byte: shown.from,
    to_byte: shown.to,
    redacted_size_bytes: size,
    truncated: shown.from > 0 || shown.to < size,
    first_line: await findLine(deps.artifactStore, row, shown.from),
    encoding: row.encoding ?? 'utf-8',
    hidden_characters: countHiddenCharacters(text, shown.from === 0),
    withheld: false,
  }
}

function emptyPreview(row: ArtifactRow, reader: OperatorPrincipal): Preview {
  return {
    artifact: toArtifact(row, reader),
    text: '',
    from_byte: 0,
    to_byte: 0,
    redacted_size_bytes: 0,
    truncated: false,
    first_line: null,
    encoding: row.encoding ?? 'utf-8',
    hidden_characters: 0,
    withheld: row.withheld_because !== null,
  }
}

/** The number, from 1, of the line that byte `at` is in. */
async function findLine(store: ArtifactStore, row: ArtifactRow, at: number): Promise<number | null> {
  const mark = Math.floor(at / MIB)
  const before = row.line_marks?.[mark]
  if (before === undefined || row.redacted_sha256 === null) return null
  return before + countIn(await readRange(store, row.redacted_sha256, { from: mark * MIB, to: at })) + 1
}

async function readRange(store: ArtifactStore, sha256: string, range: ByteRange): Promise<Uint8Array> {
  if (range.to <= range.from) return new Uint8Array()
  // Not `new Response(…).bytes()`: the HTTP adapter replaces the global Response by one that cannot do it.
  const chunks: Uint8Array[] = []
  for await (const chunk of await store.open(sha256, range)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
