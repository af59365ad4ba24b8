import type { Asked, Audited, Execution, HistoryRecord } from './history-record.ts'

/** Clocks of one machine, read by programs that truncate to milliseconds. */
const graceMs = 2

/** Everything that must not have happened, one line each; the invariants of safety.md are named. */
export function judgeHistory(record: HistoryRecord): string[] {
  return [
    ...judgeEffects(record),
    ...judgeExecutions(record),
    ...judgeBrakes(record),
    ...judgeTakenBack(record),
    ...judgeCaps(record),
    ...judgeAudit(record),
    ...judgeAnswers(record),
  ]
}

/** I-17, I-3: no effect without an earlier committed claim, none twice, and exactly the bytes that were approved. */
function judgeEffects({ effects, executions }: HistoryRecord): string[] {
  const found: string[] = []
  const byId = new Map(executions.map((execution) => [execution.execution_id, execution]))
  const made = effects.filter(({ status }) => status === 201)
  const seen = new Map<string, number>()
  for (const effect of made) {
    const execution = byId.get(effect.execution_id)
    seen.set(effect.execution_id, (seen.get(effect.execution_id) ?? 0) + 1)
    if (execution === undefined) {
      found.push(`I-17: the shop has an effect of ${effect.execution_id}, which nobody claimed`)
      continue
    }
    if (execution.committed > effect.received + graceMs) found.push(`I-17: ${effect.execution_id} reached the shop before its claim had committed`)
    if (execution.expected_sha256 !== effect.sha256) found.push(`I-3: the shop got other bytes for ${effect.execution_id} than were approved`)
    if (execution.mode === 'dry_run') found.push(`I-14: ${effect.execution_id} is a dry run, and the shop has an effect of it`)
  }
  for (const [executionId, count] of seen) if (count > 1) found.push(`I-17: ${executionId} had ${count} effects`)
  return found
}

/** I-1, I-2, I-7, I-8: one execution a revision, of an approved revision, by decisions about exactly these bytes made before the claim. */
function judgeExecutions({ executions, decided, actions }: HistoryRecord): string[] {
  const found: string[] = []
  const slotsOf = new Map(actions.map(({ action_id, slots }) => [action_id, slots]))
  const claimed = new Set<string>()
  for (const execution of executions) {
    const { action_id, revision, payload_hash, execution_id } = execution
    const key = `${action_id}@${revision}`
    if (claimed.has(key)) found.push(`I-8: ${key} was claimed twice`)
    claimed.add(key)
    const about = decided.filter((decision) => decision.action_id === action_id && decision.revision === revision)
    const approvals = about.filter((decision) => decision.kind === 'approve' && decision.payload_hash === payload_hash)
    const people = new Set(approvals.filter(({ committed }) => committed <= execution.committed + graceMs).map(({ operator_id }) => operator_id))
    if (people.size < Math.max(1, slotsOf.get(action_id) ?? 1)) {
      found.push(`I-1: ${execution_id} was claimed with ${people.size} approvals of these bytes before it`)
    }
    const no = about.find((decision) => decision.kind !== 'approve' && decision.committed < execution.committed - graceMs)
    if (no !== undefined) found.push(`I-11: ${execution_id} was claimed after ${no.operator_id} said ${no.kind} to its revision`)
  }
  return found
}

/** I-13: between the engaging of a brake and its release, in the order of the log and against what people were told, nothing is claimed. */
function judgeBrakes({ audited, executions, asked }: HistoryRecord): string[] {
  const found: string[] = []
  const engaged = new Set<string>()
  const byAction = new Map(executions.map((execution) => [`${execution.action_id}@${execution.revision}`, execution]))
  const releases: { scope: string; committed: number }[] = []
  for (const event of audited) {
    if (event.event_type === 'control.brake_engaged' && event.scope !== null) engaged.add(event.scope)
    if (event.event_type === 'control.brake_released' && event.scope !== null) {
      engaged.delete(event.scope)
      releases.push({ scope: event.scope, committed: event.committed })
    }
    if (event.event_type !== 'external_action.claimed') continue
    const execution = byAction.get(`${event.action_id}@${event.revision}`)
    const stopped = execution && [...engaged].find((scope) => isInScope(scope, execution))
    if (stopped !== undefined) found.push(`I-13: audit event ${event.seq} is a claim while the brake ${stopped} is engaged`)
  }
  for (const told of asked.filter(({ operation, status }) => operation === 'brake' && status === 200)) {
    const released = releases.find(({ scope, committed }) => scope === told.scope && committed >= told.started)
    const late = executions.find(
      (execution) =>
        isInScope(told.scope ?? '', execution) &&
        execution.committed > told.ended + graceMs &&
        execution.committed < (released?.committed ?? Infinity) - graceMs,
    )
    if (late !== undefined) found.push(`I-13: ${late.execution_id} was claimed after ${told.client} was told that the brake ${told.scope} is engaged`)
  }
  return found
}

function isInScope(scope: string, execution: Execution): boolean {
  return scope === 'all' || scope === `provider/${execution.provider}` || scope === `executor/${execution.executor_id}`
}

/** I-11, I-7: after somebody was told that an approval is taken back, withdrawn or edited away, that revision is not claimed any more. */
function judgeTakenBack({ asked, executions }: HistoryRecord): string[] {
  const ends = new Set(['revoke', 'cancel', 'reject', 'edit'])
  return asked
    .filter(({ operation, code, status }) => ends.has(operation) && code === null && status >= 200 && status < 300)
    .flatMap((told) => {
      const late = executions.find(
        (execution) =>
          execution.action_id === told.action_id &&
          // An edit ends the revisions before the one it made.
          (told.operation === 'edit' ? execution.revision < (told.revision ?? 0) : execution.revision <= (told.revision ?? Infinity)) &&
          execution.committed > told.ended + graceMs,
      )
      return late === undefined ? [] : [`I-11: ${late.execution_id} was claimed after ${told.client} was told that its ${told.operation} is done`]
    })
}

/** I-15: no cap holds more than it allows, and what it holds is what executions hold. */
function judgeCaps({ caps }: HistoryRecord): string[] {
  return caps.flatMap(({ day, scope, currency, cap, used, reserved, held }) => {
    const name = `${day} ${scope || 'deployment'} ${currency || 'count'}`
    return [
      ...(used + reserved > cap ? [`I-15: the cap ${name} holds ${used + reserved} of ${cap}`] : []),
      ...(used + reserved !== held ? [`I-15: the cap ${name} holds ${used + reserved}, its executions hold ${held}`] : []),
    ]
  })
}

/** I-19, I-20: no gap, commits in the order of the log, the chain whole, and one event for each acknowledged change. */
function judgeAudit({ audited, asked, chain, executions, decided }: HistoryRecord): string[] {
  const found = chain.map((line) => `I-20: ${line}`)
  let before: Audited | null = null
  for (const event of audited) {
    if (event.seq !== (before?.seq ?? 0) + 1) found.push(`I-20: after audit event ${before?.seq ?? 0} comes ${event.seq}`)
    if (before !== null && event.committed < before.committed - graceMs) found.push(`I-20: audit event ${event.seq} committed before ${before.seq}`)
    before = event
  }
  const count = (type: string) => audited.filter(({ event_type }) => event_type === type).length
  const compare = (what: string, events: number, rows: number) => {
    if (events !== rows) found.push(`I-19: ${rows} ${what} and ${events} audit events of them`)
  }
  compare('claims', count('external_action.claimed'), executions.length)
  compare('approvals', count('external_action.approved'), decided.filter(({ kind }) => kind === 'approve').length)
  compare('rejections', count('external_action.rejected'), decided.filter(({ kind }) => kind === 'reject').length)
  compare('revocations', count('external_action.revoked'), decided.filter(({ kind }) => kind === 'revoke').length)
  const known = new Set(audited.map(({ event_type, action_id, revision }) => `${event_type} ${action_id} ${revision}`))
  const events: Record<string, string> = {
    propose: 'external_action.proposed',
    edit: 'external_action.revised',
    approve: 'external_action.approved',
    reject: 'external_action.rejected',
    revoke: 'external_action.revoked',
    claim: 'external_action.claimed',
    finish: 'external_action.finished',
  }
  for (const told of asked) {
    const type = events[told.operation]
    if (type === undefined || told.code !== null || told.status < 200 || told.status >= 300) continue
    if (!known.has(`${type} ${told.action_id} ${told.revision}`)) {
      found.push(`I-19: ${told.client} was told that ${told.operation} of ${told.action_id}@${told.revision} is done, and no audit event says so`)
    }
  }
  return found
}

/** Nothing a client sends ends in a failure of ours; a claim that was handed out is on record. */
function judgeAnswers({ asked, executions }: HistoryRecord): string[] {
  const ids = new Set(executions.map(({ execution_id }) => execution_id))
  return asked.flatMap((told: Asked) => [
    ...(told.status >= 500 || told.status === 0
      ? [`${told.client} asked for ${told.operation} and was answered ${told.status} ${told.code ?? ''}`]
      : []),
    ...(told.operation === 'claim' && told.execution_id !== null && !ids.has(told.execution_id)
      ? [`I-8: ${told.client} was handed ${told.execution_id}, which is not on record`]
      : []),
  ])
}
