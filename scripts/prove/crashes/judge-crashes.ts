import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import type { ShopEffect } from './crash-world.ts'
import type { LedgerRecord, RecordedAction, RecordedExecution } from './ledger-record.ts'
import type { Acknowledged, StoryRecord } from './story.ts'

/** Everything that is known after a crash: what clients were told, what the ledger holds, what the shop received. */
export type CrashRecord = { stories: readonly StoryRecord[]; ledger: LedgerRecord; effects: readonly ShopEffect[] }

/** One thing that must not be. `point` is empty where it belongs to no single point. */
export type Finding = { point: string; round: number; expected: string }

/** States in which an action was claimed and is not executed any more. */
const finished = new Set(['COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED'])

/**
 * Finds every acknowledged write that is lost, every effect that came twice or before its claim, and everything that is torn. Believes
 * neither the product nor the clients: rows, journal and acknowledgements are joined here.
 */
export async function judgeCrashes(record: CrashRecord): Promise<Finding[]> {
  return [
    ...record.stories.flatMap((story) => judgeStory(record, story)),
    ...judgeEffects(record),
    ...record.ledger.actions.flatMap((action) => judgeAction(record, action)),
    ...judgeCaps(record),
    ...judgeBrakes(record),
    ...(await judgeAudit(record)),
  ]
}

// ---------------------------------------------------------------- what clients were told

function judgeStory({ ledger, effects }: CrashRecord, story: StoryRecord): Finding[] {
  const found: Finding[] = []
  const find = (expected: string) => void found.push({ point: story.point, round: story.round, expected })
  for (const surprise of story.surprises) find(`nothing that a client cannot explain, but ${surprise}`)

  const actions = ledger.actions.filter(({ payload_hashes }) => payload_hashes.includes(story.payload_hash))
  if (actions.length !== 1) find(`one action for one proposal, however often it is repeated with its key; there are ${actions.length}`)
  const ids = new Set(story.acknowledged.map(({ action_id }) => action_id))
  if (ids.size > 1) find(`the same action for every repetition with one key; clients were told ${[...ids].join(', ')}`)
  const executions = new Set(story.acknowledged.flatMap((told) => (told.what === 'claimed' ? [told.execution_id] : [])))
  if (executions.size > 1) find(`the same execution for every repetition with one key; clients were told ${[...executions].join(', ')}`)
  for (const told of story.acknowledged) {
    const lost = findLost(ledger, told)
    if (lost !== null) find(`what was acknowledged (${told.what} ${told.action_id}) to be there, but ${lost}`)
  }

  const action = actions[0]
  if (action === undefined) return found
  if (!story.ends.some((end) => end === action.state)) find(`${action.action_id} to end ${story.ends.join(' or ')}, not ${action.state}`)
  const own = ledger.executions.filter(({ action_id }) => action_id === action.action_id).map(({ execution_id }) => execution_id)
  const made = effects.filter((effect) => effect.status === 201 && own.includes(effect.execution_id)).length
  if (!story.effects.includes(made)) find(`the shop to have ${action.action_id} ${story.effects.join(' or ')} times, not ${made}`)
  return found
}

/** What is missing of something a client was told, in words; null when all of it is there. */
function findLost(ledger: LedgerRecord, told: Acknowledged): string | null {
  const action = ledger.actions.find(({ action_id }) => action_id === told.action_id)
  if (action === undefined) return 'there is no such action'
  const isAudited = (type: string) => ledger.audit.some((event) => event.action_id === told.action_id && event.event_type === type)
  switch (told.what) {
    case 'proposed':
      return isAudited('external_action.proposed') ? null : 'its proposal is not in the audit log'
    case 'approved':
      if (!ledger.approvals.some(({ action_id }) => action_id === told.action_id)) return 'there is no decision'
      return isAudited('external_action.approved') ? null : 'the decision is not in the audit log'
    case 'claimed':
      if (!ledger.executions.some(({ execution_id }) => execution_id === told.execution_id)) return `there is no execution ${told.execution_id}`
      return isAudited('external_action.claimed') ? null : 'the claim is not in the audit log'
    case 'revised':
      if (action.revision < told.revision) return `it has revision ${action.revision}, and its executor was told ${told.revision}`
      return isAudited('external_action.revised') ? null : 'the revision is not in the audit log'
    case 'revoked':
      if (action.state !== 'REVOKED') return `it is ${action.state}`
      return isAudited('external_action.revoked') ? null : 'the revocation is not in the audit log'
    case 'braked':
      return ledger.brakes.some(({ brake_id }) => brake_id === told.brake_id) ? null : `there is no brake ${told.brake_id}`
    case 'released':
      return ledger.brakes.some((brake) => brake.brake_id === told.brake_id && brake.released_at !== null) ? null : 'the brake is engaged'
    case 'resolved':
    case 'finished':
      return action.state === told.state ? null : `it is ${action.state}, and its executor was told ${told.state}`
  }
}

// ---------------------------------------------------------------- what happened outside

function judgeEffects({ ledger, effects }: CrashRecord): Finding[] {
  const found: Finding[] = []
  const find = (expected: string) => void found.push({ point: '', round: 0, expected })
  const seen = new Set<string>()
  for (const { execution_id, received_at, sha256 } of effects) {
    if (seen.has(execution_id)) find(`one request for ${execution_id}; the shop received another (I-17)`)
    seen.add(execution_id)
    const execution = ledger.executions.find((one) => one.execution_id === execution_id)
    if (execution === undefined) {
      find(`a committed claim for every request; the shop received ${execution_id}, which nobody claimed (I-17)`)
      continue
    }
    if (new Date(execution.claimed_at) > new Date(received_at)) {
      find(`the claim of ${execution_id} (${execution.claimed_at}) before its request (${received_at}) (I-17)`)
    }
    if (sha256 !== execution.expected_sha256) find(`the shop to receive the approved bytes of ${execution_id} and no others (I-5)`)
  }
  for (const execution of ledger.executions) {
    if (execution.outcome === 'completed' && !seen.has(execution.execution_id)) find(`a request for ${execution.execution_id}, which is completed`)
    if (execution.sent === 'no' && seen.has(execution.execution_id)) find(`no request for ${execution.execution_id}, of which nothing was sent`)
  }
  return found
}

// ---------------------------------------------------------------- what is torn

function judgeAction({ ledger, stories }: CrashRecord, action: RecordedAction): Finding[] {
  const found: Finding[] = []
  const { action_id, state } = action
  const story = stories.find(({ payload_hash }) => action.payload_hashes.includes(payload_hash))
  const find = (expected: string) => void found.push({ point: story?.point ?? '', round: story?.round ?? 0, expected })

  // Each change moves the version by one and has one audit event and one live event, in the same commit (I-19).
  const changes = ledger.audit.filter((event) => event.action_id === action_id && isChange(event.event_type))
  if (changes.length !== action.version) {
    find(`one audit event for each of the ${action.version} changes of ${action_id}, not ${changes.length} (I-19)`)
  }
  // What was read back changes no state.
  const last = changes.findLast((event) => event.event_type !== 'external_action.observed')
  const says = last?.event_type === 'external_action.proposed' ? 'PENDING' : last?.result_status
  if (says !== state) find(`the last audit event of ${action_id} to say ${state}, not ${says ?? 'nothing'} (I-19)`)
  const versions = ledger.events.filter((event) => event.action_id === action_id).map(({ version }) => version)
  if (versions.length !== action.version || versions.some((version, place) => version !== place + 1)) {
    find(`one live event for each of the ${action.version} changes of ${action_id}, not for ${versions.join(', ')}`)
  }

  const executions = ledger.executions.filter((execution) => execution.action_id === action_id)
  const current = executions.find((execution) => execution.revision === action.revision)
  if (executions.length > 1) find(`one execution of ${action_id}, not ${executions.length} (I-8)`)
  if (state === 'EXECUTING' || finished.has(state)) found.push(...judgeExecuted(action, current).map((expected) => ({ ...at(story), expected })))
  else if (current !== undefined) find(`${action_id} to be executed; it is ${state} and has the execution ${current.execution_id}`)
  const claims = changes.filter((event) => event.event_type === 'external_action.claimed').length
  if (claims !== executions.length) find(`one audit event for each claim of ${action_id}; there are ${claims} and ${executions.length} executions`)
  const observed = changes.filter((event) => event.event_type === 'external_action.observed').length
  const observations = executions.reduce((sum, execution) => sum + execution.observations, 0)
  if (observed !== observations) find(`one audit event for each of the ${observations} observations of ${action_id}, not ${observed} (I-19)`)
  if (state === 'EXECUTING' && action.lease_over) find(`${action_id} to be UNKNOWN: its lease is over and the sweep has run (I-16)`)
  return found
}

function at(story: StoryRecord | undefined): { point: string; round: number } {
  return { point: story?.point ?? '', round: story?.round ?? 0 }
}

function judgeExecuted(action: RecordedAction, execution: RecordedExecution | undefined): string[] {
  const { action_id, state } = action
  if (execution === undefined) return [`an execution of ${action_id}, which is ${state}`]
  const found: string[] = []
  if (execution.fence !== action.fence) found.push(`${action_id} and its execution to have one fence, not ${action.fence} and ${execution.fence}`)
  if (!execution.authorized) found.push(`an authorization of ${action_id} for the bytes that were claimed (I-1)`)
  const says = (execution.resolution ?? execution.outcome)?.toUpperCase() ?? 'EXECUTING'
  if (says !== state) found.push(`${action_id} to be what its execution says: ${says}, not ${state}`)
  return found
}

/** Refusals change nothing. */
function isChange(eventType: string): boolean {
  return eventType.startsWith('external_action.') && !eventType.endsWith('_refused')
}

function judgeCaps({ ledger }: CrashRecord): Finding[] {
  const found: Finding[] = []
  const find = (expected: string) => void found.push({ point: '', round: 0, expected })
  const byId = new Map(ledger.executions.map((execution) => [execution.execution_id, execution]))
  for (const { execution_id, mode } of ledger.executions) {
    const reserves = ledger.reservations.some((reservation) => reservation.execution_id === execution_id)
    if (reserves !== (mode === 'live')) find(`a reservation for ${execution_id} if and only if it is live; it is ${mode}`)
  }
  for (const cap of ledger.caps) {
    const name = `${cap.day} ${cap.scope || 'all'} ${cap.currency || 'count'}`
    const held = ledger.reservations.filter(({ day, scope, currency }) => day === cap.day && scope === cap.scope && currency === cap.currency)
    const sum = (use: 'reserved' | 'used') =>
      held.filter(({ execution_id }) => useOf(byId.get(execution_id)) === use).reduce((total, { amount }) => total + amount, 0)
    if (cap.reserved !== sum('reserved'))
      find(`${sum('reserved')} reserved under the cap ${name}, as its executions hold, not ${cap.reserved} (I-15)`)
    if (cap.used !== sum('used')) find(`${sum('used')} used under the cap ${name}, as its executions spent, not ${cap.used} (I-15)`)
    if (cap.reserved + cap.used > cap.cap) find(`at most ${cap.cap} under the cap ${name}, not ${cap.reserved + cap.used} (I-15)`)
  }
  return found
}

/** What an execution's reservation is by now; only what provably was not sent frees it. */
function useOf(execution: RecordedExecution | undefined): 'reserved' | 'used' | 'released' {
  if (execution?.resolution === 'completed') return 'used'
  if (execution === undefined || execution.outcome === null || execution.outcome === 'unknown') return 'reserved'
  return execution.sent === 'yes' ? 'used' : 'released'
}

function judgeBrakes({ ledger }: CrashRecord): Finding[] {
  const found: Finding[] = []
  const find = (expected: string) => void found.push({ point: '', round: 0, expected })
  const count = (type: string) => ledger.audit.filter(({ event_type }) => event_type === type).length
  const released = ledger.brakes.filter(({ released_at }) => released_at !== null).length
  const [engagedEvents, releasedEvents] = [count('control.brake_engaged'), count('control.brake_released')]
  if (engagedEvents !== ledger.brakes.length) find(`one audit event for each of ${ledger.brakes.length} brakes, not ${engagedEvents} (I-19)`)
  if (releasedEvents !== released) find(`one audit event for each of ${released} releases, not ${releasedEvents} (I-19)`)
  for (const brake of ledger.brakes) {
    if (!brake.audited) find(`the brake ${brake.brake_id} to be in the audit log by now (I-19)`)
    const covers = ({ provider }: RecordedExecution) => brake.scope_kind === 'all' || (brake.scope_kind === 'provider' && brake.scope_id === provider)
    for (const execution of ledger.executions.filter(covers)) {
      const during = execution.claimed_at > brake.engaged_at && (brake.released_at === null || execution.claimed_at < brake.released_at)
      if (during) find(`no claim while the brake ${brake.brake_id} is engaged; ${execution.execution_id} was claimed ${execution.claimed_at} (I-13)`)
    }
  }
  return found
}

async function judgeAudit({ ledger }: CrashRecord): Promise<Finding[]> {
  const found: Finding[] = []
  const find = (expected: string) => void found.push({ point: '', round: 0, expected })
  const lines = ledger.audit.map(({ seq, prev, hash, event }) => JSON.stringify({ seq, prev, hash, event: JSON.parse(event) as unknown }))
  const verdict = await verifyAuditLog(lines)
  if (!verdict.ok) find(`the audit chain to verify; at seq ${verdict.seq}: ${verdict.reason}: ${verdict.detail} (I-20)`)
  else if (verdict.count !== ledger.auditHead.seq || (verdict.count > 0 && verdict.head !== ledger.auditHead.hash)) {
    find(`the head of the audit log to be its last event, seq ${verdict.count}, not seq ${ledger.auditHead.seq}`)
  }
  const known = new Set(ledger.actions.map(({ action_id }) => action_id))
  for (const { seq, action_id, event_type } of ledger.audit) {
    if (action_id !== null && isChange(event_type) && !known.has(action_id)) find(`the action ${action_id}, of which audit event ${seq} tells (I-19)`)
  }
  if (ledger.eventHead.last_id !== ledger.eventHead.newest_id) {
    find(`the head of the live events to be the newest, ${ledger.eventHead.newest_id}, not ${ledger.eventHead.last_id}`)
  }
  return found
}
