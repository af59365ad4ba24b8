import type { Artifact } from '@autopack/contract/artifacts'
import { artifactSchema } from '@autopack/contract/artifacts'
import * as z from 'zod/mini'
import type { ArtifactRow } from '../../db/artifact-tables.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { canDownload } from './can-download.ts'

/** `reader`: the operator who asks; null: an executor. */
export function toArtifact(row: ArtifactRow, reader: OperatorPrincipal | null): Artifact {
  return z.parse(artifactSchema, {
    path: row.path,
    size_bytes: row.size_bytes,
    sha256: row.sha256,
    media_type: row.media_type,
    phase_id: row.phase_id,
    modified_at: row.uploaded_at.toISOString(),
    artifact_version: row.artifact_version,
    shown_as: row.shown_as,
    redactions:
      row.shown_as !== 'text' || row.rules_version === null
        ? null
        : { count: row.redaction_count ?? 0, by_rule: row.redactions_by_rule ?? {}, rules_version: row.rules_version },
    encoding: row.encoding,
    withheld: row.withheld_because,
    may_download: reader !== null && canDownload(reader.role, row.withheld_because) === 'yes',
  })
}
