import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { ActionState } from '@autopack/contract/external-actions'
import type { Answer, DecidingPerson } from './deciding-person.ts'
import type { KillableExecutor, Told } from './killable-executor.ts'

/** A success that a client was told: from then on nothing may make it untrue. */
export type Acknowledged = { action_id: string } & (
  | { what: 'proposed' | 'approved' | 'revoked' }
  | { what: 'revised'; revision: number }
  | { what: 'claimed'; execution_id: string }
  | { what: 'finished' | 'resolved'; state: ActionState }
  | { what: 'braked' | 'released'; brake_id: string }
)

/** What one side effect is meant to become, and what its clients were told on the way. */
export type StoryRecord = {
  point: string
  round: number
  payload_hash: string
  /** In which of these states the action may end. */
  ends: readonly ActionState[]
  /** How often the shop may have it in the end. */
  effects: readonly number[]
  acknowledged: Acknowledged[]
  /** What no client could explain, in words. */
  surprises: string[]
}

/** One side effect from its proposal to its end; every step asks again as a real client does. */
export type Story = {
  record: StoryRecord
  propose: () => Promise<void>
  /** The executor replaces the payload; decisions start over. */
  revise: () => Promise<void>
  approve: () => Promise<void>
  revoke: () => Promise<void>
  engageBrake: () => Promise<void>
  releaseBrake: () => Promise<void>
  resolve: () => Promise<void>
  /** Claims, sends and reports through the SDK; the same call after a crash is what a restarted executor does. */
  perform: () => Promise<Told>
  /** The same, and what the shop shows then. */
  performAndReadBack: () => Promise<void>
  /** An executor that tries although it must not: the claim has to be refused with this code. */
  performInVain: (code: string) => Promise<void>
  /** As an executor does that tries again when the servers were away for long. */
  performToTheEnd: () => Promise<void>
  /** From the proposal to the end. */
  goOn: () => Promise<void>
}

/** Failures after which an executor tries again. */
const passing = new Set(['Unreachable', 'db_unavailable', 'audit_unavailable', 'not_ready', 'internal_error'])
const provider = 'demo_shop'

export function openStory(
  clients: { executor: KillableExecutor; approver: DecidingPerson; admin: DecidingPerson },
  about: Pick<StoryRecord, 'point' | 'round' | 'ends' | 'effects'> & { title: string },
): Story {
  const { title, ...expected } = about
  const first = toListing(title)
  const record: StoryRecord = { ...expected, payload_hash: payloadHash(toText(first)), acknowledged: [], surprises: [] }
  const told = (acknowledged: Acknowledged) => void record.acknowledged.push(acknowledged)
  let action: ExecutorAction | null = null
  let text = toText(first)
  let executionId = ''
  let brakeId = ''
  const get = (): ExecutorAction => {
    if (action === null) throw new Error(`${about.point}: the proposal was never answered`)
    return action
  }

  function take(what: string, answer: Told): boolean {
    if (answer.ok) action = answer.action
    else if (answer.name !== 'Killed') record.surprises.push(`${what} failed: ${answer.name}: ${answer.detail}`)
    return answer.ok
  }

  /** `again`: what a person is told who asks again because the first answer was lost, and did it a moment ago. */
  async function decide(what: 'approved' | 'revoked' | 'resolved', answering: Promise<Answer>, again: string): Promise<void> {
    const { status, json } = await answering
    const done = status === 200 || (json['code'] === 'already_decided' && json['decision_kind'] === again)
    if (!done) return void record.surprises.push(`who wanted it ${what} was answered ${status} ${String(json['code'])}`)
    const { action_id } = get()
    told(what === 'resolved' ? { what, action_id, state: 'COMPLETED' } : { what, action_id })
  }

  const story: Story = {
    record,
    async propose() {
      if (take('the proposal', await clients.executor.propose(first))) told({ what: 'proposed', action_id: get().action_id })
    },
    async revise() {
      const next = toListing(`${title}, again`)
      if (!take('the revision', await clients.executor.revise(get(), next))) return
      text = toText(next)
      told({ what: 'revised', action_id: get().action_id, revision: get().revision })
    },
    approve: () => decide('approved', clients.approver.approve(get(), text), 'approve'),
    revoke: () => decide('revoked', clients.approver.revoke(get()), 'revoke'),
    resolve: () => decide('resolved', clients.approver.resolve(get(), executionId), 'completed'),
    async engageBrake() {
      const { status, json } = await clients.approver.engageBrake(provider)
      if (status !== 200) return void record.surprises.push(`the brake was answered ${status} ${String(json['code'])}`)
      brakeId = (json['brake'] as { brake_id: string }).brake_id
      told({ what: 'braked', action_id: get().action_id, brake_id: brakeId })
    },
    async releaseBrake() {
      const { status, json } = await clients.admin.releaseBrake(brakeId)
      // Not open any more: this very admin released it a moment ago.
      if (status !== 200 && json['code'] !== 'not_open')
        return void record.surprises.push(`the release was answered ${status} ${String(json['code'])}`)
      told({ what: 'released', action_id: get().action_id, brake_id: brakeId })
    },
    perform: () => carryOut(false),
    async performAndReadBack() {
      take('performing', await carryOut(true))
    },
    async performInVain(code) {
      const answer = await carryOut(false)
      if (answer.ok || answer.name !== code) {
        record.surprises.push(`a claim that must be refused ${code} was answered ${answer.ok ? answer.action.state : answer.name}`)
      }
    },
    async performToTheEnd() {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await carryOut(false)
        if (answer.ok) return
        // An earlier attempt was committed although its answer was lost: nothing may be sent, and a person has to look.
        if (answer.name === 'already_claimed' && attempt > 1) return
        if (!passing.has(answer.name) || attempt === 5) return void record.surprises.push(`it was not performed: ${answer.name}: ${answer.detail}`)
      }
    },
    async goOn() {
      await story.propose()
      await story.approve()
      await story.performToTheEnd()
    },
  }
  return story

  async function carryOut(readsBack: boolean): Promise<Told> {
    const { action_id } = get()
    const onClaimed = (execution_id: string) => {
      executionId = execution_id
      told({ what: 'claimed', action_id, execution_id })
    }
    const answer = await clients.executor.perform(get(), onClaimed, readsBack)
    if (answer.ok) told({ what: 'finished', action_id, state: answer.action.state })
    return answer
  }
}

function toText(payload: Omit<Payload, 'v'>): string {
  return toPayloadText({ v: 1, ...payload })
}

function toListing(title: string): Omit<Payload, 'v'> {
  return {
    provider,
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode: 'live',
    cost: { amount_minor: 20, currency: 'USD' },
    request: {
      method: 'POST',
      path: '/api/listings',
      body: {
        title,
        description: 'What was found.',
        price: { amount_minor: 1900, currency: 'EUR' },
        quantity: 1,
        report_sha256: 'a'.repeat(64),
        tags: [],
      },
    },
    files: [],
  }
}
