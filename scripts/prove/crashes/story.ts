import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { ActionState } from '@autopack/contract/external-actions'
import type { DecidingPerson } from './deciding-person.ts'
import type { KillableExecutor, Told } from './killable-executor.ts'

/** A success that a client was told: from then on nothing may make it untrue. */
export type Acknowledged =
  | { what: 'proposed'; action_id: string }
  | { what: 'approved'; action_id: string }
  | { what: 'claimed'; action_id: string; execution_id: string }
  | { what: 'finished'; action_id: string; state: ActionState }

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
  payloadText: string
  propose: () => Promise<Told>
  approve: () => Promise<void>
  /** Claims, sends and reports through the SDK; the same call after a crash is what a restarted executor does. */
  perform: () => Promise<Told>
  /** As an executor does that tries again when the servers were away for long. */
  performToTheEnd: () => Promise<void>
  /** From the proposal to the end. */
  goOn: () => Promise<void>
}

/** Failures after which an executor tries again. */
const passing = new Set(['Unreachable', 'db_unavailable', 'audit_unavailable', 'not_ready', 'internal_error'])

export function openStory(
  clients: { executor: KillableExecutor; person: DecidingPerson },
  about: Pick<StoryRecord, 'point' | 'round' | 'ends' | 'effects'> & { title: string },
): Story {
  const { title, ...expected } = about
  const payload = toListing(title)
  const payloadText = toPayloadText({ v: 1, ...payload })
  const record: StoryRecord = { ...expected, payload_hash: payloadHash(payloadText), acknowledged: [], surprises: [] }
  let action: ExecutorAction | null = null
  const told = (acknowledged: Acknowledged) => void record.acknowledged.push(acknowledged)
  const get = (): ExecutorAction => {
    if (action === null) throw new Error(`${about.point}: the proposal was never answered`)
    return action
  }

  const story: Story = {
    record,
    payloadText,
    async propose() {
      const answer = await clients.executor.propose(payload)
      if (answer.ok) {
        action = answer.action
        told({ what: 'proposed', action_id: action.action_id })
      } else if (answer.name !== 'Killed') record.surprises.push(`the proposal failed: ${answer.name}: ${answer.detail}`)
      return answer
    },
    async approve() {
      const { action_id } = get()
      const { status, json } = await clients.person.approve(get(), payloadText)
      if (status === 200) told({ what: 'approved', action_id })
      // Decided by this very person a moment ago, whose answer was lost: that is what the page would show.
      else if (json['code'] === 'already_decided' && json['decision_kind'] === 'approve') told({ what: 'approved', action_id })
      else record.surprises.push(`the approval was answered ${status} ${String(json['code'])}`)
    },
    async perform() {
      const { action_id } = get()
      const answer = await clients.executor.perform(get(), (execution_id) => told({ what: 'claimed', action_id, execution_id }))
      if (answer.ok) told({ what: 'finished', action_id, state: answer.action.state })
      return answer
    },
    async performToTheEnd() {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await story.perform()
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
}

function toListing(title: string): Omit<Payload, 'v'> {
  return {
    provider: 'demo_shop',
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
