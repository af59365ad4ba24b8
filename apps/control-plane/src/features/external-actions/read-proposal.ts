import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { compareTarget } from '@autopack/approval-proof/compare-target'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { findDeceptions } from '@autopack/approval-proof/find-deceptions'
import type { Deception } from '@autopack/approval-proof/find-deceptions'
import { findGrantRefusal } from '@autopack/approval-proof/find-grant-refusal'
import { readPayload } from '@autopack/approval-proof/payload'
import type { PayloadProblem, ReadPayload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import type { Policy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { Deps } from '../../deps.ts'
import type { ActionRow, insertRevision } from '../../ledger/action-rows.ts'
import { findControlState, listCapUse } from '../../ledger/control-rows.ts'
import { addCapUse, findCapRefusal, listDailyCaps, listGrantCaps, toUtcDay } from '../../ledger/daily-caps.ts'
import { toEffectiveControl } from '../../ledger/effective-control.ts'
import type { EffectiveControl } from '../../ledger/effective-control.ts'
import { listFindings } from '../../ledger/list-findings.ts'
import type { ActionFacts } from '../../ledger/record-action-change.ts'
import { isOfExecutor, listApprovedTargets } from '../../ledger/target-rows.ts'

/** Characters that a refusal repeats of a JSON pointer, and its audit event of what was proposed. */
const shownPointer = 200
const shownSummary = 500

/** A payload text as an executor proposed it, with everything that follows from its bytes alone. */
export type Proposal = ReadPayload & {
  descriptor: Descriptor | null
  policy: Policy
  /** Described as tier A or B, and decided by people all the same: because the executor says so, or because it cannot be explained. */
  escalated: boolean
  /** What in its texts could be taken for something else. */
  deceptions: Deception[]
}

/**
 * Reads the payload text of a proposal or of an edit: policy, tier and target are computed from the bytes, never taken from what the
 * executor says. Refuses `payload_not_canonical` with rule, place and what to do, and `hash_mismatch`.
 */
export function readProposal(body: { payload: string; payload_hash?: string | undefined; escalate?: boolean | undefined }): Proposal | ProblemError {
  const read = readPayload(body.payload)
  if (!read.ok) return toRefusal(read)
  if (body.payload_hash !== undefined && body.payload_hash !== read.hash) {
    return new ProblemError(
      'hash_mismatch',
      `These bytes hash to ${read.hash}, you said ${body.payload_hash}. The text changed on the way, or was hashed differently.`,
    )
  }
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  const policy = computePolicy(read.payload, descriptor, { escalated: body.escalate === true })
  const deceptions = findDeceptions(read.payload, descriptor)
  return { ...read, descriptor, policy, deceptions, escalated: descriptor !== null && descriptor.tier !== 'C' && policy.tier === 'C' }
}

/** What the audit log says about a proposal that was refused; nothing of a text that could not be read. */
export function toProposalFacts(proposal: Proposal | ProblemError): Partial<ActionFacts> {
  if (proposal instanceof ProblemError) return {}
  const { payload, policy, descriptor, hash } = proposal
  return {
    action_type: `${payload.provider}.${payload.operation}`,
    provider: payload.provider,
    operation: payload.operation,
    payload_hash: hash,
    payload_summary: renderAction(payload, descriptor).sentence_text.slice(0, shownSummary).toWellFormed(),
    external_target: policy.target_text.slice(0, shownSummary).toWellFormed(),
    risk_score: policy.risk.score,
    risk_level: policy.risk.level,
    descriptor_version: descriptor === null ? null : `${descriptor.id}@${descriptor.version}`,
  }
}

function toRefusal({ rule, at, offset, detail }: PayloadProblem): ProblemError {
  // A key may be as long as the payload.
  const place = at.length > shownPointer ? `${at.slice(0, shownPointer).toWellFormed()}…` : at.toWellFormed()
  const named = [...(place === '' && offset !== null ? [] : [place || 'the top']), ...(offset === null ? [] : [`offset ${offset}`])].join(', ')
  return new ProblemError('payload_not_canonical', `${detail} (${rule} at ${named})`, { rule, at: place, ...(offset === null ? {} : { offset }) })
}

export type DraftRevision = {
  columns: Omit<Parameters<typeof insertRevision>[1], 'action_id' | 'revision'>
  slots: Parameters<typeof insertRevision>[2]
  /** Its description in canonical form, for receipts. */
  descriptor: string | null
  control: EffectiveControl
  /** Why its grant does not cover it at this moment, and what to do then; null: it does, or people decide anyway. */
  over_grant: string | null
}

/** The revision that a proposal becomes at this moment: deadlines, findings, and who has to decide. Nobody does on a grant. */
export async function draftRevision(
  deps: Deps,
  tx: Transaction,
  proposal: Proposal,
  action: Pick<ActionRow, 'run_id' | 'executor_id'>,
  now: Date,
): Promise<DraftRevision> {
  const { payload, descriptor, policy } = proposal
  const rendered = renderAction(payload, descriptor)
  const control = toEffectiveControl(await findControlState(tx), deps.settings.ceiling)
  const use = await listCapUse(tx, toUtcDay(now))
  const grantCaps = listGrantCaps(descriptor, policy.grant, policy.cost)
  // The executor reads these findings: they are made from its own actions alone.
  const targets = await listApprovedTargets(tx, payload, isOfExecutor(action.executor_id), null)
  const checked = listFindings({
    action: { mode: payload.mode, tier: policy.tier, provider: payload.provider, kill_switch: policy.kill_switch, ...action },
    policy,
    described: descriptor !== null,
    control,
    embedded: deps.database.kind === 'embedded',
    caps: addCapUse([...listDailyCaps(control, descriptor, policy.cost), ...grantCaps], use),
  })
  const full = payload.mode === 'live' ? findCapRefusal(addCapUse(grantCaps, use)) : null
  const over = policy.grant === null ? null : (findGrantRefusal(payload, proposal.bytes.length, descriptor) ?? full)
  return {
    columns: {
      payload: Buffer.from(proposal.bytes),
      tier: policy.tier,
      escalated: proposal.escalated,
      kill_switch: policy.kill_switch,
      descriptor_id: descriptor?.id ?? null,
      descriptor_version: descriptor?.version ?? null,
      descriptor_sha256: descriptor === null ? null : Buffer.from(descriptorSha256(descriptor), 'hex'),
      risk_score: policy.risk.score,
      risk_level: policy.risk.level,
      risk_contributions: policy.risk.contributions,
      coverage_explained: policy.coverage.explained,
      coverage_present: policy.coverage.present,
      blind: policy.blind,
      title: rendered.title,
      sentence: rendered.sentence_text,
      target_text: policy.target_text,
      findings: [...checked, ...proposal.deceptions, compareTarget(policy.target_text, targets)],
      decide_by: new Date(now.getTime() + policy.approval.decide_within_seconds * 1_000),
      execute_within_seconds: policy.approval.execute_within_seconds,
      hold_seconds: policy.approval.hold_seconds,
      created_at: now,
      step_up: policy.approval.step_up,
    },
    slots: policy.approval.all_of.map(({ role, count }) => Array.from({ length: count }, () => role)),
    descriptor: descriptor === null ? null : canonicalize(descriptor),
    control,
    over_grant: over === null ? null : `${over} Send it again with escalate: true, and people decide about it as tier C.`,
  }
}
