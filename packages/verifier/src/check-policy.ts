import type { Approval, Descriptor } from './descriptor.ts'
import { drawAction } from './draw-action.ts'
import type { Check, ReceiptFault } from './receipt-check.ts'
import type { RevisionRecord } from './receipt.ts'

/** What is asked where nobody described the action. Nothing of it is explained, so one approver more is asked. */
const undescribed: Approval = {
  all_of: [{ role: 'approver', count: 1 }],
  step_up: 'passkey',
  decide_within_seconds: 86_400,
  execute_within_seconds: 3_600,
  hold_seconds: 0,
}

/** Each is stricter than those before it. */
const stepUps: ReadonlyArray<Approval['step_up']> = ['none', 'preferred', 'passkey']

/** The revision asks for what the descriptor asks: the console may not ask for less. */
export const checkPolicy: Check<'payload' | 'descriptor', 'drawn'> = ({ revision }, { payload, descriptor }) => {
  const drawn = drawAction(payload, descriptor)
  const approval = descriptor?.approval ?? undescribed
  if (Date.parse(revision.decide_by) !== Date.parse(revision.created_at) + approval.decide_within_seconds * 1_000) {
    return { where: 'revision.decide_by', detail: `it may be decided for ${approval.decide_within_seconds} seconds` }
  }
  const fault = revision.tier === 'C' ? findLessThanPeople(revision, approval, drawn.blind) : findNoGrant(revision, descriptor, drawn.blind)
  return fault ?? { drawn }
}

/** People decide about tier C, and about what is proposed beyond its grant. */
function findLessThanPeople(revision: RevisionRecord, approval: Approval, blind: boolean): ReceiptFault | null {
  const { quorum, step_up } = revision
  const asked = approval.all_of.map(({ role, count }, group) => ({ role, count: blind && group === 0 ? count + 1 : count }))
  const people = asked.reduce((sum, { count }) => sum + count, 0)
  if (quorum.length !== people) return { where: 'revision.quorum', detail: `it takes ${people} approvals` }
  const places = asked.flatMap(({ role, count }, group) => Array.from({ length: count }, (_, slot) => ({ group, slot, role })))
  const other = places.findIndex(({ group, slot, role }, place) => {
    const there = quorum[place]!
    return there.group !== group || there.slot !== slot || there.role !== role
  })
  if (other !== -1) {
    const { group, slot, role } = places[other]!
    return { where: `revision.quorum[${other}]`, detail: `place ${slot} of group ${group} belongs here, for an ${role}` }
  }
  if (stepUps.indexOf(step_up) < stepUps.indexOf(approval.step_up)) {
    return { where: 'revision.step_up', detail: `its descriptor says ${approval.step_up}` }
  }
  return findOtherTimes(revision, { hold: approval.hold_seconds, execute: approval.execute_within_seconds })
}

/** Why nobody may have left it to a policy: only what its descriptor has in tier A or B, and explains to the last value, is granted. */
function findNoGrant(revision: RevisionRecord, descriptor: Descriptor | null, blind: boolean): ReceiptFault | null {
  const where = 'revision.tier'
  if (descriptor?.tier !== revision.tier) return { where, detail: `its descriptor does not say that it is of tier ${revision.tier}` }
  if (descriptor.grant === null) return { where, detail: 'its descriptor grants nothing' }
  if (blind) return { where, detail: 'no policy authorizes what cannot be explained' }
  if (revision.quorum.length > 0) return { where: 'revision.quorum', detail: `nobody decides about tier ${revision.tier}` }
  return findOtherTimes(revision, { hold: 0, execute: descriptor.grant.execute_within_seconds })
}

function findOtherTimes(revision: RevisionRecord, { hold, execute }: { hold: number; execute: number }): ReceiptFault | null {
  if (revision.hold_seconds !== hold) return { where: 'revision.hold_seconds', detail: `it is held for ${hold} seconds` }
  if (revision.execute_within_seconds === execute) return null
  return { where: 'revision.execute_within_seconds', detail: `it may be claimed for ${execute} seconds` }
}
