import { approvalChallenge, toApprovalStatement } from '@autopack/approval-proof/approval-statement'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { createChallenge } from '@autopack/contract/passkeys'
import type { AnswerOf } from '@autopack/contract/route'
import type { Assertion } from '@autopack/contract/webauthn'
import { StoppedAct } from '../../shared/stopped-act.ts'
import type { Decision } from './decide-mutation.ts'
import { listPolicyDifferences } from './policy-differences.ts'
import type { Proposal } from './read-proposal.ts'

/** What a person said yes to, held from the moment of the press: whatever arrives later, this is what is signed, or nothing is. */
export type Consent = {
  action: ExternalAction
  proposal: Proposal
  operator_id: string
  reason: string
  /** Names what was on screen; see toShown. */
  key: string
}

type Challenge = Pick<AnswerOf<typeof createChallenge>, 'nonce' | 'rp_id' | 'credentials' | 'step_up'>

/** What signing needs of the world around it. */
export type Doors = {
  createChallenge: (body: { purpose: 'approve'; action_id: string; revision: number; payload_hash: string }) => Promise<Challenge>
  getAssertion: (asked: {
    challenge: Uint8Array<ArrayBuffer>
    rp_id: string
    credentials: Challenge['credentials']
    signal: AbortSignal
  }) => Promise<Assertion | null>
  /** The page still shows what was said yes to. */
  isStillShown: () => boolean
  /** The person is looking at this page. */
  isAttended: () => boolean
  onPrompt: () => void
  console_build: string
}

/**
 * Makes the approval that is sent: with a passkey's signature over its statement, or without one where the kind of action and the
 * deployment allow that (`unsigned: true` asks for it). Nothing is sent from here but the wish for a challenge. Throws StoppedAct when
 * nothing may be sent.
 */
export async function signApproval(
  consent: Consent,
  doors: Doors,
  { unsigned, signal }: { unsigned: boolean; signal: AbortSignal },
): Promise<Decision> {
  const { action, proposal, reason } = consent
  const [difference] = [...proposal.differences, ...listPolicyDifferences(action, proposal)]
  if (difference !== undefined || proposal.rendered === null || proposal.revision !== action.revision) throw stop('differs', difference)
  const decision = {
    kind: 'approve',
    revision: proposal.revision,
    payload_hash: proposal.hash,
    descriptor: proposal.descriptor_reference,
    display_sha256: proposal.rendered.display_sha256,
    reason,
  } as const
  const facts = {
    action: { id: action.action_id, revision: proposal.revision, payload_hash: proposal.hash },
    descriptor: proposal.descriptor_reference,
    display_sha256: proposal.rendered.display_sha256,
    mode: proposal.payload!.mode,
    approver: { sub: consent.operator_id },
    requested_by: { executor_id: action.executor.executor_id, name: action.executor.name },
    console_build: doors.console_build,
    renderer_version: proposal.renderer_version,
    decide_by: action.decide_by,
    execute_by: action.latest_execute_by,
  }
  const check = (attended: boolean) => {
    if (signal.aborted) throw stop('cancelled')
    if (!doors.isStillShown()) throw stop('changed')
    if (attended && !doors.isAttended()) throw stop('left')
  }
  check(false)
  if (action.step_up === 'none' || (unsigned && action.step_up === 'preferred')) return decision

  const { payload_hash, revision } = decision
  const challenge = await doors.createChallenge({ purpose: 'approve', action_id: action.action_id, revision, payload_hash })
  check(true)
  if (challenge.credentials.length === 0) {
    if (challenge.step_up === 'passkey') throw stop('no_passkey')
    return decision
  }
  const statement = toApprovalStatement({ ...facts, nonce: challenge.nonce })
  doors.onPrompt()
  const { rp_id, credentials } = challenge
  const assertion = await doors.getAssertion({ challenge: approvalChallenge(statement), rp_id, credentials, signal })
  if (assertion === null) throw stop('cancelled')
  // The prompt of the browser may have had the focus: only what is shown counts now.
  check(false)
  return { ...decision, signature: { statement, assertion } }
}

const settings = { to: '/settings/me', words: 'To your passkeys' }
const stops = {
  cancelled: {
    title: 'Nothing was signed',
    what: 'The prompt was closed, ran out, or found none of your passkeys. Nothing was sent.',
    todo: 'Your words stay; press again when you are ready.',
  },
  changed: {
    title: 'Something changed after you pressed',
    what: 'What stands here now is not what you said yes to. Nothing was sent.',
    todo: 'Read it again; your words stay.',
  },
  left: {
    title: 'This page lost your attention',
    what: 'The answer came when you were no longer looking. Nothing was sent.',
    todo: 'Press again; your words stay.',
  },
  no_passkey: {
    title: 'You have no passkey yet',
    what: 'Approving this takes a signature with a passkey, and nothing else will do. Nothing was sent.',
    todo: 'Make a passkey, come back and approve.',
    link: settings,
  },
  differs: {
    title: 'The server says something else than these bytes',
    what: 'So nothing was sent.',
    todo: 'Do not approve. Reload; if it comes back, tell whoever runs the control plane.',
  },
} as const

function stop(why: keyof typeof stops, what?: string): StoppedAct {
  return new StoppedAct(why, { ...stops[why], ...(what !== undefined && { what: `${what} Nothing was sent.` }) })
}
