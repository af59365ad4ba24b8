import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import type { decideExternalAction, resolveExternalAction, revokeExternalAction } from '@autopack/contract/operator-actions'
import type { Problem, ProblemCode } from '@autopack/contract/problems'
import { StoppedAct } from '../stopped-act.ts'

/** A refused decision, revocation or look-up in words: what happened, and what a person can do now. */
export type Refusal = {
  title: string
  what: string
  todo: string
  /** Where it can be mended. */
  link?: { to: string; words: string } | undefined
  /** `unknown`: the answer was lost, so the decision may stand. */
  recorded: 'no' | 'unknown'
  request_id: string | null
}

type Words = { title: string; what: string | ((problem: Problem) => string); todo: string }
type LedgerCode = (typeof decideExternalAction | typeof revokeExternalAction | typeof resolveExternalAction)['problems'][number]

const ledgerWords: Record<LedgerCode, Words> = {
  not_found: {
    title: 'This action is not here',
    what: 'It does not exist, or you may not see it.',
    todo: 'Go back to the queue.',
  },
  role_missing: {
    title: 'Your role does not allow this',
    what: 'Only approvers and admins decide; your role may have changed since you opened the page.',
    todo: 'Ask an approver or an admin to decide.',
  },
  self_approval: {
    title: 'Nobody approves their own request',
    what: 'You proposed this action or started its run.',
    todo: 'Another approver has to decide. You may still reject it.',
  },
  already_decided: {
    title: 'This was already decided',
    what: (problem) => (problem.decided_by ? `${problem.decided_by.name} was first${toVerb(problem.decision_kind)}.` : 'Somebody else was first.'),
    todo: 'Their decision is on this page; your words stay.',
  },
  stale_revision: {
    title: 'The action has changed since you read it',
    what: (problem) =>
      problem.current_revision === undefined
        ? 'A newer revision is in force; your decision was about the older one.'
        : `Revision ${problem.current_revision} is in force; your decision was about an older one.`,
    todo: 'Read the revision in force and decide again; your words stay in the field.',
  },
  superseded: {
    title: 'A newer revision took the place of this one',
    what: (problem) =>
      problem.current_revision === undefined ? 'Another revision is in force.' : `Revision ${problem.current_revision} is in force.`,
    todo: 'Read the revision in force and decide again; your words stay in the field.',
  },
  step_up_required: {
    title: 'Show again who you are',
    what: (problem) =>
      problem.needs === 'passkey'
        ? 'This needs a signature with one of your passkeys.'
        : 'This needs your password again: it was typed too long ago.',
    todo: 'Nothing was recorded. Decide again, and confirm when you are asked.',
  },
  challenge_refused: {
    title: 'The signature came too late',
    what: 'A challenge is good once, for two minutes.',
    todo: 'Decide again; you sign a fresh one. Your words stay in the field.',
  },
  signature_refused: {
    title: 'The signature does not hold',
    what: (problem) =>
      problem.differs === undefined
        ? 'It was not made by a passkey of yours that is in use.'
        : `What you signed differs from what is in force: ${problem.differs.join(', ')}.`,
    todo: 'Nothing was recorded. Reload, read it again, and sign with a passkey listed in your settings.',
  },
  console_outdated: {
    title: 'This page is of an older console',
    what: 'The server does not know the rendering that this page shows.',
    todo: 'Reload to get the console of this server, then read it again.',
  },
  hash_mismatch: {
    title: 'These are not the bytes of this revision',
    what: 'The payload hash this browser computed is not the one in the ledger.',
    todo: 'Do not approve. Reload; if it comes back, tell whoever runs the control plane.',
  },
  policy_mismatch: {
    title: 'The console describes this action differently than the server',
    what: 'The description of this kind of action here is not the one in force on the server.',
    todo: 'Reload the page to get the console of this server, then read it again.',
  },
  expired: {
    title: 'The time to decide is over',
    what: 'The deadline passed before your decision arrived, by the clock of the database.',
    todo: 'Nothing will be sent. The agent may propose it again.',
  },
  change_requested: {
    title: 'Somebody asked for a change',
    what: 'Until its executor sends another revision nobody can approve this one.',
    todo: 'Wait for the revision, or reject it.',
  },
  clock_moved_back: {
    title: 'The clock of the database was moved back',
    what: 'Deadlines and holds cannot be trusted until it has caught up.',
    todo: 'Tell whoever runs the control plane. Rejecting works.',
  },
  brake_engaged: {
    title: 'The brake is engaged',
    what: 'Nothing can be approved while it is. Rejecting works.',
    todo: 'Approve after an admin releases the brake.',
  },
  not_open: {
    title: 'This action is no longer open',
    what: 'It ended before your decision arrived: it was withdrawn, or it expired.',
    todo: 'Read below what became of it.',
  },
  not_approved: {
    title: 'There is no approval to take back',
    what: 'Nobody has approved the revision in force.',
    todo: 'While it waits for a decision, reject it.',
  },
  already_claimed: {
    title: 'Its executor was faster',
    what: 'It took the action before your word arrived, so the approval can no longer be taken back.',
    todo: 'Look at what happens now; what was done may be undone later.',
  },
  not_in_hold: {
    title: 'The hold is over',
    what: 'It ended before your veto arrived.',
    todo: 'Press again: until its executor takes it, the approval can still be revoked. Your words stay.',
  },
  not_unknown: {
    title: 'The outcome is known',
    what: 'This execution does not wait for anybody to look it up.',
    todo: 'Read below what came of it; your words stay.',
  },
}

/** What any route may answer, as far as it can happen to a person who decides. */
const otherWords: Partial<Record<ProblemCode, Words>> = {
  not_signed_in: {
    title: 'You are signed out',
    what: 'The session ended.',
    todo: 'Sign in in another tab, come back and decide again; your words stay.',
  },
  operator_disabled: { title: 'Your account is disabled', what: 'An admin disabled it.', todo: 'Ask an admin.' },
  forged_request: { title: 'The console refused the request', what: 'It did not look as if it came from this page.', todo: 'Reload the page.' },
  assertion_refused: {
    title: 'The control plane did not accept who you are',
    what: 'It refused the console’s word for you.',
    todo: 'Sign out and in again.',
  },
  rate_limited: { title: 'Too many decisions in a minute', what: 'The limit is 30 a minute.', todo: 'Wait a moment and decide again.' },
  invalid_request: {
    title: 'The decision does not fit the contract',
    what: (problem) => problem.detail,
    todo: 'Change what it names and decide again.',
  },
  body_too_large: { title: 'The reason is too long', what: 'A decision may hold 32 KiB.', todo: 'Shorten the reason.' },
  control_plane_unreachable: {
    title: 'The control plane cannot be reached',
    what: 'The console stands, the ledger behind it does not answer.',
    todo: 'Your words stay. Look at the state of this action before you decide again.',
  },
  control_plane_refused_console: {
    title: 'The control plane does not accept this console',
    what: 'The key of the console is wrong: this is not about you.',
    todo: 'Tell whoever runs this deployment.',
  },
  audit_unavailable: {
    title: 'The audit log cannot be written',
    what: 'Without it nothing may change, so the decision was not taken.',
    todo: 'Reading still works. Decide again when the log is back.',
  },
  db_unavailable: {
    title: 'The database cannot be reached',
    what: 'It is not known whether this was recorded. It cannot be recorded twice.',
    todo: 'Look at the state of this action, then say it again if it is still open; your words stay.',
  },
  not_ready: { title: 'The service is starting', what: 'The decision was not taken.', todo: 'Decide again in a moment; your words stay.' },
}

/** Codes after which it is not certain that nothing was recorded. */
const uncertain: ReadonlySet<ProblemCode> = new Set(['control_plane_unreachable', 'upstream_invalid', 'internal_error', 'db_unavailable'])

function toVerb(kind: string | undefined): string {
  if (kind === 'approve') return ' and approved'
  if (kind === 'reject') return ' and rejected'
  if (kind === 'revoke') return ' and took the approval back'
  if (kind === 'veto') return ' and vetoed'
  if (kind === 'completed') return ' and found that it happened'
  if (kind === 'failed') return ' and found that it did not happen'
  return ''
}

/** Words for whatever a decision ended in, never empty; unknown codes keep the server's own words. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof StoppedAct) return error.refusal
  if (error instanceof ApiProblem) {
    const problem = error.problem
    const words: Words = { ...otherWords, ...ledgerWords }[problem.code] ?? {
      title: problem.title,
      what: problem.detail,
      todo: 'Your words stay in the field.',
    }
    const what = typeof words.what === 'string' ? words.what : words.what(problem)
    return { title: words.title, what, todo: words.todo, recorded: uncertain.has(problem.code) ? 'unknown' : 'no', request_id: problem.request_id }
  }
  const lost = error instanceof Unreachable
  return {
    title: lost ? 'No answer arrived' : 'The answer could not be read',
    what: 'It is not known whether the decision was recorded. It cannot be recorded twice.',
    todo: 'Look at the state of this action, then decide again if it is still open; your words stay.',
    recorded: 'unknown',
    request_id: null,
  }
}
