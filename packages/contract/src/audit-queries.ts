/** Queries of the audit log that a person keeps under a name. Their own, on every device; no evidence. */
import * as z from 'zod/mini'
import { auditQueryLimit } from './audit-query.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { timestampSchema, typedText } from './primitives.ts'
import { defineRoute } from './route.ts'

export const savedQueryNameLimit = 80

const name = typedText(savedQueryNameLimit)
const query = typedText(auditQueryLimit)

export const savedAuditQuerySchema = z.strictObject({ name: z.string(), query: z.string(), saved_at: timestampSchema })
const answer = { status: 200, kind: 'json', schema: z.strictObject({ items: z.array(savedAuditQuerySchema) }) } as const
const own = { plane: 'operator', role: 'viewer', step_up: 'none', timeout_ms: jsonTimeoutMs } as const

export const listAuditQueries = defineRoute({
  id: 'listAuditQueries',
  method: 'GET',
  path: '/operator/audit/queries',
  summary: 'Your saved queries of the audit log, by name',
  answer,
  problems: [],
  retry: 'safe',
  policy: { ...own, rate_class: 'read', body_limit_bytes: noBodyLimitBytes },
})

export const saveAuditQuery = defineRoute({
  id: 'saveAuditQuery',
  method: 'POST',
  path: '/operator/audit/queries',
  summary: 'Save a query of the audit log under a name; one of that name is replaced',
  body: z.strictObject({ name, query }),
  answer,
  problems: ['invalid_request', 'too_many_saved_queries'],
  retry: 'safe',
  policy: { ...own, rate_class: 'mutation', body_limit_bytes: decisionBodyLimitBytes },
})

export const removeAuditQuery = defineRoute({
  id: 'removeAuditQuery',
  method: 'POST',
  path: '/operator/audit/queries/remove',
  summary: 'Remove a saved query; one that is not there is removed already',
  body: z.strictObject({ name }),
  answer,
  problems: [],
  retry: 'safe',
  policy: { ...own, rate_class: 'mutation', body_limit_bytes: decisionBodyLimitBytes },
})
