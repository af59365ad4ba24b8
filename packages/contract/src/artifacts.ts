/** What agents make: hostile until shown otherwise. Names travel only as `?path=`, never in a URL path. */
import * as z from 'zod/mini'
import { artifactBodyLimitBytes, artifactPathLimitBytes, jsonTimeoutMs, noBodyLimitBytes, previewLimitBytes, uploadTimeoutMs } from './limits.ts'
import { cursorSchema, phaseIdSchema, queryInteger, runIdSchema, sha256Schema, timestampSchema, totalSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

/**
 * A name is metadata: relative, `/` between segments, no empty, `.` or `..` segment, no control character, no backslash.
 * `my..file.txt` and `100%.txt` are harmless and allowed.
 */
export const artifactPathSchema = z.string().check(
  z.refine((path: string) => new TextEncoder().encode(path).length <= artifactPathLimitBytes, {
    error: `at most ${artifactPathLimitBytes} bytes in UTF-8`,
  }),
  z.minLength(1),
  z.maxLength(500),
  z.refine(
    (path: string) =>
      !/[\u0000-\u001f\u007f\\]/.test(path) &&
      !/^[A-Za-z]:/.test(path) &&
      path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..'),
    { error: 'a relative path without empty, "." or ".." segments, backslashes or control characters' },
  ),
)

const count = z.int().check(z.gte(0))

/** `utf-8-with-replacements`: some bytes are none of UTF-8. `windows-1252`: every byte reads as something, so it may be another code page. */
const encodingSchema = z.enum(['utf-8', 'utf-8-with-replacements', 'utf-16le', 'utf-16be', 'windows-1252'])

export const artifactSchema = z.strictObject({
  path: z.string(),
  size_bytes: count,
  sha256: sha256Schema,
  /** Sniffed from the bytes, not believed. */
  media_type: z.string(),
  phase_id: z.nullable(z.string()),
  modified_at: timestampSchema,
  /** 1 for the first upload under this path. */
  artifact_version: z.int().check(z.gte(1)),
  /** How the console may show it: only `text` and `image` are ever rendered. */
  shown_as: z.enum(['text', 'image', 'download']),
  /** Of the whole text; null for what is not text. */
  redactions: z.nullable(z.strictObject({ count, by_rule: z.record(z.string(), count), rules_version: z.string() })),
  /** Of the original text, seen in its bytes; what is shown and downloaded is UTF-8. Null for what is not text. */
  encoding: z.nullable(encodingSchema),
  /**
   * Why its bytes are kept back; null: they are not. `redaction_failed`: a text. `secret_found`: in a file that is no text, so it cannot be
   * cut out. `not_searchable`: an archive, whose compressed content nobody can search. `not_searched`: the search failed, or it is older
   * than the search. The first two nobody gets; the others admins may download as they are, which the audit log records.
   */
  withheld: z.nullable(z.enum(['redaction_failed', 'secret_found', 'not_searchable', 'not_searched'])),
  /** Whether who asks may take the bytes; always false in an answer to an executor, which has no such route. */
  may_download: z.boolean(),
})
export type Artifact = z.infer<typeof artifactSchema>

const runParams = z.object({ run_id: runIdSchema })
const executorRead = {
  plane: 'executor',
  scope: 'runs:read',
  step_up: 'none',
  body_limit_bytes: noBodyLimitBytes,
  timeout_ms: jsonTimeoutMs,
} as const
const operatorRead = { plane: 'operator', role: 'viewer', step_up: 'none', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

export const putArtifact = defineRoute({
  id: 'putArtifact',
  method: 'PUT',
  path: '/runs/{run_id}/artifacts/file',
  summary: 'Upload a whole file; the same path again is a new version',
  params: runParams,
  query: z.object({ path: artifactPathSchema, phase_id: z.optional(phaseIdSchema) }),
  body: 'bytes',
  answer: { status: 201, kind: 'json', schema: artifactSchema },
  problems: ['not_found', 'invalid_path', 'body_too_large', 'run_closed'],
  retry: 'safe',
  policy: {
    plane: 'executor',
    scope: 'artifacts:write',
    step_up: 'none',
    rate_class: 'report',
    body_limit_bytes: artifactBodyLimitBytes,
    timeout_ms: uploadTimeoutMs,
  },
})

export const listExecutorArtifacts = defineRoute({
  id: 'listExecutorArtifacts',
  method: 'GET',
  path: '/runs/{run_id}/artifacts/index',
  summary: 'The artifacts of a run of this executor',
  params: runParams,
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      run_id: runIdSchema,
      artifacts: z.array(z.strictObject({ path: z.string(), size_bytes: count, modified_at: timestampSchema, sha256: sha256Schema })),
      total_size_bytes: count,
      /** True: there are more than the 1,000 listed. */
      truncated: z.boolean(),
    }),
  },
  problems: ['not_found'],
  retry: 'safe',
  policy: { rate_class: 'list', ...executorRead },
})

export const listArtifacts = defineRoute({
  id: 'listArtifacts',
  method: 'GET',
  path: '/operator/runs/{run_id}/artifacts/index',
  summary: 'The artifacts of a run, by path',
  params: runParams,
  query: z.object({ cursor: z.optional(cursorSchema), limit: z.optional(queryInteger(1, 200)) }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({ items: z.array(artifactSchema), total: totalSchema, next_cursor: z.nullable(cursorSchema), total_size_bytes: count }),
  },
  problems: ['not_found', 'invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { rate_class: 'list', ...operatorRead },
})

/** A byte-bounded, redacted text preview. Offsets refer to the redacted text; it never cuts a code point. */
export const artifactPreviewSchema = z.strictObject({
  artifact: artifactSchema,
  text: z.string(),
  /** Of the redacted text, in bytes of UTF-8. */
  from_byte: count,
  to_byte: count,
  redacted_size_bytes: count,
  truncated: z.boolean(),
  /** Line number of the first line shown, from 1; null when it is not known without reading the whole file. */
  first_line: z.nullable(z.int().check(z.gte(1))),
  encoding: encodingSchema,
  hidden_characters: count,
  withheld: z.boolean(),
})

export const previewArtifact = defineRoute({
  id: 'previewArtifact',
  method: 'GET',
  path: '/operator/runs/{run_id}/artifacts/file',
  summary: 'A bounded, redacted text preview of an artifact',
  params: runParams,
  query: z.object({
    path: artifactPathSchema,
    sha256: z.optional(sha256Schema),
    from_byte: z.optional(queryInteger(0, 10_000_000_000)),
    max_bytes: z.optional(queryInteger(1, previewLimitBytes)),
    /** `1`: the end of the file instead of `from_byte`. */
    tail: z.optional(z.enum(['1'])),
  }),
  answer: { status: 200, kind: 'json', schema: artifactPreviewSchema },
  problems: ['not_found', 'invalid_path', 'range_not_satisfiable'],
  retry: 'safe',
  etag: true,
  policy: { rate_class: 'artifact', ...operatorRead },
})

export const getArtifactRaw = defineRoute({
  id: 'getArtifactRaw',
  method: 'GET',
  path: '/operator/runs/{run_id}/artifacts/raw',
  summary:
    'The redacted whole of a text in UTF-8, or an image as the image type it really is; anything else as an attachment; recorded as a download',
  params: runParams,
  query: z.object({ path: artifactPathSchema, sha256: z.optional(sha256Schema), download: z.optional(z.enum(['1'])) }),
  answer: {
    status: 200,
    kind: 'bytes',
    headers: [
      'content-type',
      'content-length',
      'content-disposition',
      'content-security-policy',
      'etag',
      'x-artifact-original-size',
      'x-artifact-truncated',
      'x-artifact-redacted',
      'x-artifact-redaction-count',
      'x-artifact-original-encoding',
    ],
  },
  problems: ['not_found', 'invalid_path', 'artifact_withheld', 'role_missing', 'audit_unavailable'],
  retry: 'safe',
  policy: { ...operatorRead, rate_class: 'artifact', timeout_ms: uploadTimeoutMs },
})
