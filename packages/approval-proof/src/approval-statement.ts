import type { Mode } from './payload.ts'
import { isVersion, momentForm, nonceForm, operatorIdForm, readStatement, sha256Form, toChallenge, writeStatement } from './statement-shape.ts'
import type { StatementProblem, StatementShape } from './statement-shape.ts'

const approvalDomain = 'autopack-approval/1'

/** What a person says yes to, and signs. Built by the browser from the bytes it drew; rebuilt by the control plane from what it stores. */
export type ApprovalStatement = {
  v: typeof approvalDomain
  purpose: 'approve'
  action: { id: string; revision: number; payload_hash: string }
  /** Null: nobody has described this kind of action, and what was shown is blind. */
  descriptor: { id: string; version: number; sha256: string } | null
  /** Of the deterministic rendering: what the person had before them. */
  display_sha256: string
  mode: Mode
  approver: { sub: string }
  requested_by: { executor_id: string; name: string }
  /** Recorded, so that a fault of one build can be traced to what it approved. */
  console_build: string
  renderer_version: string
  /** One use, for this person, purpose and revision. */
  nonce: string
  decide_by: string
  /** The latest moment this revision may ever be executed: its deadline to decide, the time to execute and the hold together. */
  execute_by: string
}

const shape: StatementShape = {
  v: approvalDomain,
  purpose: 'approve',
  action: { id: /^act_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, revision: isVersion, payload_hash: sha256Form },
  descriptor: [null, { id: /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, version: isVersion, sha256: sha256Form }],
  display_sha256: sha256Form,
  mode: /^(?:live|dry_run)$/,
  approver: { sub: operatorIdForm },
  requested_by: { executor_id: /^[\x21-\x7e]{1,200}$/, name: /^[a-z0-9][a-z0-9-]{0,62}$/ },
  console_build: /^[\x21-\x7e]{1,200}$/,
  renderer_version: /^[0-9]{1,9}$/,
  nonce: nonceForm,
  decide_by: momentForm,
  execute_by: momentForm,
}

/** The canonical text of an approval. Throws Error, with the place, for a statement that {@link readApprovalStatement} would refuse. */
export function toApprovalStatement(facts: Omit<ApprovalStatement, 'v' | 'purpose'>): string {
  return writeStatement({ ...facts, v: approvalDomain, purpose: 'approve' }, shape)
}

/** Reads the text of an approval; refuses unknown and missing members and every text that is not its own canonical form. Never throws. */
export function readApprovalStatement(text: string): { ok: true; statement: ApprovalStatement } | StatementProblem {
  const read = readStatement(text, shape)
  return read.ok ? { ok: true, statement: read.value as ApprovalStatement } : read
}

/** The 32 bytes to sign: SHA-256("autopack-approval/1" ‖ 0x00 ‖ statement). Throws TypeError for a text without UTF-8 form. */
export function approvalChallenge(statementText: string): Uint8Array<ArrayBuffer> {
  return toChallenge(approvalDomain, statementText)
}
