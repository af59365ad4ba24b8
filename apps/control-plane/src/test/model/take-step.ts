/** Takes one step of a history in the real ledger, by the product's own actions. */
import { createHash, randomUUID } from 'node:crypto'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { readPayload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { renderAction } from '@autopack/approval-proof/render-action'
import * as controlRoutes from '@autopack/contract/operator-control'
import * as executorRoutes from '@autopack/contract/executor-actions'
import * as operatorRoutes from '@autopack/contract/operator-actions'
import type { Route } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import * as z from 'zod/mini'
import type { Deps } from '../../deps.ts'
import { engageBrake } from '../../features/control/engage-brake.ts'
import { releaseBrake } from '../../features/control/release-brake.ts'
import { setCap } from '../../features/control/set-cap.ts'
import { setSwitch } from '../../features/control/set-switch.ts'
import { cancelAction } from '../../features/external-actions/cancel-action.ts'
import { claimAction } from '../../features/external-actions/claim-action.ts'
import { decideAction } from '../../features/external-actions/decide-action.ts'
import { finishAction } from '../../features/external-actions/finish-action.ts'
import { heartbeatAction } from '../../features/external-actions/heartbeat-action.ts'
import { proposeAction } from '../../features/external-actions/propose-action.ts'
import { resolveAction } from '../../features/external-actions/resolve-action.ts'
import { reviseAction } from '../../features/external-actions/revise-action.ts'
import { revokeAction } from '../../features/external-actions/revoke-action.ts'
import { sweepActions } from '../../features/external-actions/sweep-actions.ts'
import type { SaidApproval } from '../passkey-story.ts'
import type { World, WorldExecutor } from './open-model-world.ts'
import { actionKinds } from './action-kinds.ts'
import type { ModelAction } from './ledger-model.ts'
import { signApproval } from './sign-approval.ts'
import { finishes } from './steps.ts'
import type { BrakeScopeKind, Step } from './steps.ts'

/** What a step is about, chosen by the model. `payload` and `key` are what it sends. */
export type StepSubject = { action: ModelAction | null; payload: string; key: string }
/** What only the real ledger knows: the ids it gave. */
export type StepAnswer = { actionId?: string; executionId?: string; brakeId?: string }

export async function takeStep(world: World, deps: Deps, executors: readonly WorldExecutor[], step: Step, subject: StepSubject): Promise<StepAnswer> {
  const { payload, key } = subject
  const asExecutor = (index: 0 | 1) => executors[index]!.principal
  const own = () => asExecutor(subject.action!.executor)
  const other = () => asExecutor(subject.action!.executor === 0 ? 1 : 0)
  const action = () => subject.action!
  const params = () => ({ action_id: action().id })

  switch (step.do) {
    case 'propose': {
      const escalate = actionKinds[step.kind].escalated ? { escalate: true } : {}
      const body = { payload, ...escalate, ...(step.inRun ? { run_id: executors[step.executor]!.runId } : {}) }
      const { action_id } = await proposeAction(deps, toInput(executorRoutes.proposeExternalAction, asExecutor(step.executor), {}, body, key))
      return { actionId: action_id }
    }
    case 'approve':
    case 'reject':
    case 'ask for change': {
      const said = toDecision(action(), step)
      // What is not of the demo shop takes a passkey; a decision that is about something else is refused before anybody looks at a signature.
      const signs = step.do === 'approve' && step.about === 'it' && actionKinds[action().kind].provider !== 'demo_shop'
      const who = { principal: world.people[step.who], passkey: world.passkeys[step.who], executor: own() }
      const body = signs ? { ...said, signature: await signApproval(deps, who, action(), said as SaidApproval) } : said
      await decideAction(deps, toInput(operatorRoutes.decideExternalAction, world.people[step.who], params(), body, null))
      return {}
    }
    case 'cancel':
      await cancelAction(deps, toInput(executorRoutes.cancelExternalAction, own(), params(), { reason: 'The history says so.' }, null))
      return {}
    case 'claim': {
      const hash = step.how === 'other bytes' ? 'f'.repeat(64) : payloadHash(action().payloads.at(-1)!)
      const body = { revision: step.how === 'another revision' ? action().revision + 1 : action().revision, payload_hash: hash }
      const claimer = step.how === 'foreign' ? other() : own()
      const claim = await claimAction(deps, toInput(executorRoutes.claimExternalAction, claimer, params(), body, key))
      return { executionId: claim.execution_id }
    }
    case 'heartbeat': {
      const fence = Math.max(1, action().fence) + (step.fence === 'wrong' ? 1 : 0)
      await heartbeatAction(deps, toInput(executorRoutes.heartbeatExternalAction, own(), params(), { fence }, null))
      return {}
    }
    case 'finish': {
      const fence = Math.max(1, action().fence) + (step.fence === 'wrong' ? 1 : 0)
      await finishAction(deps, toInput(executorRoutes.finishExternalAction, own(), params(), { fence, ...toReport(action(), step.how) }, null))
      return {}
    }
    case 'sweep':
      await sweepActions(deps)
      return {}
    case 'revise': {
      const again = step.how === 'the last again' && action().revision > 1
      const after_revision = action().revision + (step.how === 'another revision' ? 1 : 0) - (again ? 1 : 0)
      const body = { payload, after_revision, ...(actionKinds[action().kind].escalated ? { escalate: true } : {}) }
      await reviseAction(deps, toInput(executorRoutes.reviseExternalAction, step.how === 'foreign' ? other() : own(), params(), body, null))
      return {}
    }
    case 'revoke':
    case 'veto': {
      const body = { kind: step.do, ...toBound(action(), step.about) }
      await revokeAction(deps, toInput(operatorRoutes.revokeExternalAction, world.people[step.who], params(), body, null))
      return {}
    }
    case 'resolve': {
      const { outcome } = step
      const execution_id = action().claim?.executionId ?? `exe_${randomUUID()}`
      const body = { execution_id, outcome, looked_at: 'The page of the shop.', reason: 'The history says so.' }
      await resolveAction(deps, toInput(operatorRoutes.resolveExternalAction, world.people[step.who], params(), body, null))
      return {}
    }
    case 'engage': {
      const body = { scope: toScope(executors, step.scope), reason: 'The history says so.' }
      const { brake } = await engageBrake(deps, toInput(controlRoutes.engageBrake, world.people.approver, {}, body, null))
      return { brakeId: brake.brake_id }
    }
    case 'release': {
      const body = { brake_id: key === '' ? `brk_${randomUUID()}` : key, reason: 'The history says so.' }
      await releaseBrake(deps, toInput(controlRoutes.releaseBrake, world.people.admin, {}, body, null))
      return {}
    }
    case 'cap': {
      const body = { currency: step.currency === '' ? null : step.currency, cap: step.cap, reason: 'The history says so.' }
      await setCap(deps, toInput(controlRoutes.setCap, world.people.admin, {}, body, null))
      return {}
    }
    case 'switch': {
      const body = { name: step.name, on: step.on, reason: 'The history says so.' }
      await setSwitch(deps, toInput(controlRoutes.setSwitch, world.people.admin, {}, body, null))
      return {}
    }
    case 'wait':
    case 'clock':
      return {}
  }
}

/** As a route hands it on; the body is held against the contract. */
function toInput<R extends Route, P>(route: R, principal: P, params: object, body: object, key: string | null): RouteInput<R, P> {
  return {
    principal,
    params,
    query: {},
    body: z.parse(route.body as z.ZodMiniType, body),
    bodyBytes: new TextEncoder().encode(JSON.stringify(body)),
    idempotencyKey: key,
    requestId: `req_${randomUUID()}`,
    signal: new AbortController().signal,
    // No action reads it.
    c: undefined as never,
  } as unknown as RouteInput<R, P>
}

function toScope(executors: readonly WorldExecutor[], kind: BrakeScopeKind): { kind: BrakeScopeKind; id: string } {
  const { runId, principal } = executors[0]!
  return { kind, id: { all: '', provider: 'demo_shop', run: runId, executor: principal.executorId }[kind] }
}

/** What a person's word about an action is bound to. */
function toBound(action: ModelAction, about: 'it' | 'another revision' | 'other bytes') {
  return {
    revision: about === 'another revision' ? action.revision + 1 : action.revision,
    payload_hash: about === 'other bytes' ? 'f'.repeat(64) : payloadHash(action.payloads.at(-1)!),
    reason: 'The history says so.',
  }
}

function toDecision(action: ModelAction, step: Extract<Step, { do: 'approve' | 'reject' | 'ask for change' }>): object {
  const bound = toBound(action, step.about)
  if (step.do === 'reject') return { ...bound, kind: 'reject', reject_kind: 'not_now' }
  if (step.do === 'ask for change') return { ...bound, kind: 'ask_change', field: null }
  const read = readPayload(action.payloads.at(-1)!)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return {
    ...bound,
    kind: 'approve',
    descriptor: descriptor && { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    display_sha256: renderAction(read.payload, descriptor).display_sha256,
  }
}

function toReport(action: ModelAction, how: keyof typeof finishes): object {
  const { sent, outcome, bytes } = finishes[how]
  const sha = bytes === null ? {} : { sent_sha256: bytes === 'other' ? '0'.repeat(64) : toSentSha256(action.payloads.at(-1)!) }
  return { sent, outcome, ...sha, error_summary: how }
}

const sentSha256 = new Map<string, string>()
function toSentSha256(payload: string): string {
  const known = sentSha256.get(payload)
  if (known !== undefined) return known
  const read = readPayload(payload)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  const hash = createHash('sha256').update(encodeRequest(read.payload, descriptor)).digest('hex')
  sentSha256.set(payload, hash)
  return hash
}
