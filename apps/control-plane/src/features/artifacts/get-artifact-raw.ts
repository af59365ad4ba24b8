import type { getArtifactRaw as route } from '@autopack/contract/artifacts'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { ArtifactRow } from '../../db/artifact-tables.ts'
import type { Deps } from '../../deps.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { findArtifact, findVisibleRun } from './artifact-rows.ts'
import { contentDisposition } from './content-disposition.ts'

type Input = RouteInput<typeof route, OperatorPrincipal>

/**
 * The whole: of a text the redacted one, as an attachment; an image as the image it really is; anything else as an
 * attachment of no type. Whatever it is, nothing in it runs where it is opened.
 */
export async function getArtifactRaw(deps: Deps, { principal, params, query, c }: Input): Promise<Response> {
  const run = await findVisibleRun(deps.db, principal, params.run_id)
  const row = run && (await findArtifact(deps.db, run.run_id, query.path, query.sha256))
  if (!row) throw new ProblemError('not_found', 'There is no such artifact, or you may not see it.')
  if (row.withheld) throw new ProblemError('not_found', 'The text could not be redacted, so it is withheld.')

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
  })
  const offered = c.req.header('if-none-match')?.split(',') ?? []
  if (offered.some((tag) => tag.trim().replace(/^W\//, '') === `"${served.sha256}"`)) return new Response(null, { status: 304, headers })
  headers.set('content-length', String(served.sizeBytes))
  return new Response(await deps.artifactStore.open(served.sha256), { status: 200, headers })
}

function servedAs(row: ArtifactRow): { sha256: string; sizeBytes: number; contentType: string } {
  if (row.shown_as === 'text') {
    if (row.redacted_sha256 === null || row.redacted_size_bytes === null) throw new Error('a text that is not withheld has no redacted text')
    return { sha256: row.redacted_sha256, sizeBytes: row.redacted_size_bytes, contentType: 'text/plain; charset=utf-8' }
  }
  const contentType = row.shown_as === 'image' ? row.media_type : 'application/octet-stream'
  return { sha256: row.sha256, sizeBytes: row.size_bytes, contentType }
}
