/** What executors ask people, as the queue has it: apart from its routes, because every page counts the queue and few open a request. */
import * as z from 'zod/mini'
import { requestSummaryFields } from './requests.ts'

/** Of the queue, the decision and the audit log; the executor's own plane has the bare number. */
export const approvalIdSchema = z.string().check(z.regex(/^apr_[1-9]\d{0,14}$/))

export const approvalRequestSummarySchema = z.strictObject({
  approval_id: approvalIdSchema,
  ...requestSummaryFields,
  context: z.string(),
})
export type ApprovalRequestSummary = z.infer<typeof approvalRequestSummarySchema>

/** Of the queue, the decision and the audit log; the executor's own plane has the eight digits alone. */
export const governanceIdSchema = z.string().check(z.regex(/^gov_[0-9a-f]{8}$/))

export const governanceRequestSummarySchema = z.strictObject({
  request_id: governanceIdSchema,
  ...requestSummaryFields,
  paths_count: z.int().check(z.gte(0)),
  /** Who said yes or no; null: nobody yet, or nobody in time. */
  authorized_by: z.nullable(z.enum(['people', 'policy'])),
})
export type GovernanceRequestSummary = z.infer<typeof governanceRequestSummarySchema>
