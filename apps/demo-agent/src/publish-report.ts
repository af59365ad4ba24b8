import { setTimeout as delay } from 'node:timers/promises'
import { ApiProblem } from '@autopack/api-client/errors'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { ControlInForce } from '@autopack/contract/control'
import { readOverHttp } from '@autopack/executor-sdk/read-over-http'
import { sendOverHttp } from '@autopack/executor-sdk/send-over-http'
import { NotRecorded } from '@autopack/executor-sdk/executor-errors'
import type { PerformOptions, Send } from '@autopack/executor-sdk/perform'
import type { AgentState } from './agent-state.ts'
import { findProposal, makeEdit } from './find-proposal.ts'
import { reviseListing } from './revise-listing.ts'
import { patiently } from './run-reporter.ts'
import type { Agent, RunReporter } from './run-reporter.ts'

export type Shop = { url: string; token: string }

type Ending = { state: 'COMPLETE' | 'SKIPPED' | 'FAILED'; why?: string }

/**
 * Proposes the listing (again, after a restart: the same proposal finds the same action as it is now), waits at the gate, carries out what was
 * approved, and ends the run's last phase. Throws the signal's reason when told to stop while waiting; the action stays as it is.
 */
export async function publishReport(
  agent: Agent,
  reporter: RunReporter,
  shop: Shop,
  runId: string,
  proposal: NonNullable<AgentState['proposal']>,
): Promise<void> {
  const { log } = agent
  const action = await patiently(agent, 'the proposal', () =>
    findProposal(agent.executor, { run_id: runId, edit: agent.state.read()?.edit }, proposal),
  )
  log.say(`[publish] ${action.action_id} (seal ${action.seal}) ${action.mode === 'live' ? 'is proposed' : 'is proposed as a dry run'}`)
  for (const finding of action.findings) log.note(`[publish] finding ${finding.code}: ${finding.title}`)
  if (action.state === 'PENDING') {
    await reporter.gate('publish')
    log.say(`[publish] nothing is sent while it waits for a person: ${action.console_path}`)
    reporter.progress('waiting for a person to decide')
  }
  await reporter.upload('logs/run.log', log.read(), 'publish')
  const decided = await waitUntilDecided(agent, reporter, action)
  await reporter.leaveGate('publish')
  for (const decision of decided.decisions) {
    const what = decision.reject_kind === null ? decision.kind.replace('_', ' ') : `${decision.kind} (${decision.reject_kind})`
    log.say(`[publish] ${decision.decided_by.name} decided ${what}: ${decision.reason}`)
  }
  const ending = decided.state === 'APPROVED' ? await carryOut(agent, reporter, shop, decided) : toEnding(decided)
  log.say(`[publish] ${ending.state}${ending.why === undefined ? '' : `: ${ending.why}`}`)
  await reporter.upload('logs/run.log', log.read(), 'publish')
  await reporter.end('publish', ending.state, ending.why)
}

/** Waits for people, and answers each request for a change with another revision, or withdraws what it cannot change. */
async function waitUntilDecided(agent: Agent, reporter: RunReporter, proposed: ExecutorAction): Promise<ExecutorAction> {
  const { executor, log, signal, state } = agent
  let action = proposed
  for (;;) {
    action = await waitUntilSettled(agent, await executor.waitForDecision(action, { signal }))
    const asked = action.change_request
    if (action.state !== 'PENDING' || asked === null) return action
    log.say(`[publish] ${asked.asked_by.name} asks to change ${asked.field ?? 'it'}: ${asked.reason}`)
    const known = state.read()
    const revised = reviseListing(known?.edit?.proposal ?? known!.proposal!, asked.field)
    if (revised === null) {
      const left = action
      return patiently(agent, 'the withdrawal', () => executor.cancel(left, 'This agent cannot change that by itself.'))
    }
    const { action_id, revision, payload_hash } = action
    const edit = { of: { action_id, revision, payload_hash }, proposal: revised }
    state.write({ ...known!, edit })
    action = await patiently(agent, 'the revision', () => makeEdit(executor, edit))
    if (action.state === 'PENDING') log.say(`[publish] revision ${action.revision} (seal ${action.seal}) waits for a person: ${action.console_path}`)
    await reporter.upload('logs/run.log', log.read(), 'publish')
  }
}

/** An agent that was killed while it sent finds its action EXECUTING: it sends nothing again, and waits for the lease to end. */
async function waitUntilSettled(agent: Agent, found: ExecutorAction): Promise<ExecutorAction> {
  let action = found
  while (action.state === 'EXECUTING') {
    await delay(5_000, undefined, { signal: agent.signal })
    action = await patiently(agent, 'the action', () => agent.executor.getAction(action))
  }
  return action
}

async function carryOut(agent: Agent, reporter: RunReporter, shop: Shop, approved: ExecutorAction): Promise<Ending> {
  const { executor, log } = agent
  const action = await waitUntilAllowed(agent, reporter, approved)
  if (action.state !== 'APPROVED') return toEnding(action)
  const send: Send = async (sending) => {
    log.say(`[publish] sending ${sending.request_bytes.length} bytes to ${shop.url}${sending.path}, sha256 ${sending.sha256}`)
    const answer = await sendOverHttp(shop.url, sending, { authorization: `Bearer ${shop.token}` })
    const { listing_id, url } = answer.json as { listing_id: string; url: string }
    log.say(`[publish] the shop answered ${answer.status}: listing ${listing_id} at ${url}`)
    return { external_object_id: listing_id, external_url: url }
  }
  try {
    const readBack: PerformOptions['readBack'] = (sending, sent) => readListing(shop, sending.execution_id, sent)
    return toEnding(await executor.perform(action, send, { readBack, signal: agent.signal }))
  } catch (error) {
    if (error instanceof NotRecorded) return { state: 'FAILED', why: `a person has to look at the shop: ${error.message}` }
    if (!(error instanceof ApiProblem)) throw error
    // Only a refused claim comes as a problem; an approval that cannot be used any more should not stay open.
    log.say(`[publish] the claim was refused: ${error.problem.detail}`)
    await executor.cancel(action, `the claim was refused: ${error.code}`).catch(() => undefined)
    return { state: 'FAILED', why: `the claim was refused (${error.code}): ${error.problem.detail}` }
  }
}

/** The listing as the shop shows it; of what may have been sent, the one that this execution made, if it made one. */
async function readListing(shop: Shop, executionId: string, sent: Parameters<NonNullable<PerformOptions['readBack']>>[1]): Promise<string | null> {
  const headers = { authorization: `Bearer ${shop.token}` }
  if (sent?.external_object_id !== undefined) return readOverHttp(shop.url, `/api/listings/${sent.external_object_id}`, headers)
  const found = await readOverHttp(shop.url, `/api/executions/${executionId}`, headers)
  const listing = found === null ? null : (JSON.parse(found) as { listing_id: string | null }).listing_id
  return listing === null ? null : readOverHttp(shop.url, `/api/listings/${listing}`, headers)
}

/** Brake and switches may be off for a while; asking costs nothing, a refused claim would be an entry in the audit log. */
async function waitUntilAllowed(agent: Agent, reporter: RunReporter, approved: ExecutorAction): Promise<ExecutorAction> {
  let action = approved
  let said = ''
  while (action.state === 'APPROVED') {
    const obstacle = findObstacle(await patiently(agent, 'control', () => agent.executor.getControl()), action)
    if (obstacle === null) return action
    if (obstacle !== said) agent.log.say(`[publish] approved, but ${obstacle}; nothing is sent until that changes`)
    said = obstacle
    reporter.progress(`approved, but ${obstacle}`)
    await delay(5_000, undefined, { signal: agent.signal })
    action = await patiently(agent, 'the action', () => agent.executor.getAction(action))
  }
  return action
}

function findObstacle(control: ControlInForce, action: ExecutorAction): string | null {
  if (control.brake_engaged) return 'the brake is engaged'
  // Of the smaller brakes an executor reads only its own: those of its runs and of itself.
  const braked = control.brakes.some(({ kind, id }) => kind === 'executor' || (kind === 'provider' ? id === action.provider : id === action.run_id))
  if (braked) return 'the brake is engaged for it'
  if (action.not_before !== null && action.not_before > control.now) return `it is held until ${action.not_before}`
  if (action.mode === 'dry_run') return null
  if (!control.external_actions_enabled) return 'external actions are switched off'
  if (control.kill_switches.DEMO_SHOP_PUBLISH !== true) return 'the switch DEMO_SHOP_PUBLISH is off'
  return control.dry_run ? 'dry run is on' : null
}

/** A person's "no" is an answer, not a failure; what a person wanted changed and this agent could not change is one. */
function toEnding(action: ExecutorAction): Ending {
  const rejection = action.decisions.find((decision) => decision.kind === 'reject' && decision.revision === action.revision)
  if (action.state === 'COMPLETED') return { state: 'COMPLETE' }
  if (action.state === 'SIMULATED') return { state: 'COMPLETE' }
  if (action.state === 'REJECTED') {
    const why = `rejected${rejection ? ` by ${rejection.decided_by.name} (${rejection.reject_kind?.replace('_', ' ')}): ${rejection.reason}` : ''}`
    return { state: 'SKIPPED', why }
  }
  if (action.state === 'FAILED' || action.state === 'UNKNOWN') {
    return {
      state: 'FAILED',
      why: `${action.execution?.error_code ?? action.state}: ${action.execution?.error_summary ?? 'what happened is not known'}`,
    }
  }
  const asked = action.decisions.findLast((decision) => decision.kind === 'ask_change' && decision.revision === action.revision)
  if (action.state === 'CANCELLED' && asked !== undefined) {
    return { state: 'FAILED', why: `${asked.decided_by.name} asked for a change that this agent cannot make: ${asked.reason}` }
  }
  const taken = action.decisions.findLast((decision) => decision.kind === 'revoke' || decision.kind === 'veto')
  if (action.state === 'REVOKED' && taken !== undefined) {
    return { state: 'SKIPPED', why: `${taken.kind === 'veto' ? 'vetoed' : 'revoked'} by ${taken.decided_by.name}: ${taken.reason}` }
  }
  return { state: 'SKIPPED', why: `the action is ${action.state}` }
}
