import type { Artifact } from '@autopack/contract/artifacts'
import { artifactSchema } from '@autopack/contract/artifacts'
import * as z from 'zod/mini'
import type { ArtifactRow } from '../../db/artifact-tables.ts'

export function toArtifact(row: ArtifactRow): Artifact {
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
      row.rules_version === null
        ? null
        : { count: row.redaction_count ?? 0, by_rule: row.redactions_by_rule ?? {}, rules_version: row.rules_version },
  })
}
