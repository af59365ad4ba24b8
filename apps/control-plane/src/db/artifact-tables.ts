import type { Artifact } from '@autopack/contract/artifacts'
import { bigint, boolean, integer, jsonb, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

/** One row a version of a path in a run. */
export const artifactTable = controlPlaneSchema.table('artifact', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  run_id: text('run_id').notNull(),
  path: text('path').notNull(),
  artifact_version: integer('artifact_version').notNull(),
  newest: boolean('newest').notNull(),
  phase_id: text('phase_id'),
  sha256: text('sha256').notNull(),
  size_bytes: bigint('size_bytes', { mode: 'number' }).notNull(),
  media_type: text('media_type').notNull(),
  shown_as: text('shown_as').$type<Artifact['shown_as']>().notNull(),
  uploaded_at: moment('uploaded_at').notNull(),
  redacted_sha256: text('redacted_sha256'),
  redacted_size_bytes: bigint('redacted_size_bytes', { mode: 'number' }),
  /** How many line feeds come before byte n × 1 MiB of the redacted text. */
  line_marks: jsonb('line_marks').$type<number[]>(),
  redaction_count: integer('redaction_count'),
  redactions_by_rule: jsonb('redactions_by_rule').$type<Record<string, number>>(),
  rules_version: text('rules_version'),
  encoding: text('encoding').$type<Artifact['encoding'] & string>(),
  /** Null: its bytes may leave, a text's redacted. */
  withheld_because: text('withheld_because').$type<Artifact['withheld'] & string>(),
})
export type ArtifactRow = typeof artifactTable.$inferSelect
