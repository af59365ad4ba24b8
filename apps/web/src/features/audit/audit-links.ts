import type { AuditEntry } from '@autopack/contract/audit'
import { actionIdSchema, runIdSchema } from '@autopack/contract/primitives'
import * as z from 'zod/mini'

/** Where one entry leads: its permalink, and what it is about. Ids that are not ours become no link at all. */
export type AuditLinks = { self: string; run: string | null; action: string | null }

export function toAuditLinks(entry: AuditEntry): AuditLinks {
  const { run_id, approval_ref } = entry.event
  const isRun = run_id !== null && z.safeParse(runIdSchema, run_id).success
  const isAction = approval_ref !== null && approval_ref.kind === 'external_action' && z.safeParse(actionIdSchema, approval_ref.id).success
  return {
    self: `/audit/${entry.seq}`,
    run: isRun ? `/runs/${encodeURIComponent(run_id)}` : null,
    action: isAction ? `/actions/${approval_ref.id}` : null,
  }
}
