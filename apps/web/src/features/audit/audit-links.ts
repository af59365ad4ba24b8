import type { AuditEntry } from '@autopack/contract/audit'
import { actionIdSchema, runIdSchema } from '@autopack/contract/primitives'
import { approvalIdSchema, governanceIdSchema } from '@autopack/contract/request-summaries'
import * as z from 'zod/mini'

/** Where one entry leads: its permalink, and what it is about. Ids that are not ours become no link at all. */
export type AuditLinks = { self: string; run: string | null; action: string | null; request: string | null }

export function toAuditLinks(entry: AuditEntry): AuditLinks {
  const { run_id, approval_ref } = entry.event
  const isRun = run_id !== null && z.safeParse(runIdSchema, run_id).success
  const isAction = approval_ref?.kind === 'external_action' && z.safeParse(actionIdSchema, approval_ref.id).success
  const isRequest =
    (approval_ref?.kind === 'approval_request' && z.safeParse(approvalIdSchema, approval_ref.id).success) ||
    (approval_ref?.kind === 'governance_request' && z.safeParse(governanceIdSchema, approval_ref.id).success)
  return {
    self: `/audit/${entry.seq}`,
    run: isRun ? `/runs/${encodeURIComponent(run_id)}` : null,
    action: isAction ? `/actions/${approval_ref.id}` : null,
    request: isRequest ? `/approvals/${approval_ref!.id}` : null,
  }
}
