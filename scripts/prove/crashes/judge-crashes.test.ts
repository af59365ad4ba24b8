import { auditHash } from '@autopack/approval-proof/audit-hash'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { describe, expect, it } from 'vitest'
import { judgeCrashes } from './judge-crashes.ts'
import type { CrashRecord } from './judge-crashes.ts'
import type { RecordedAudit, RecordedBrake } from './ledger-record.ts'
import type { Acknowledged } from './story.ts'

const point = 'executor: after the answer of the shop'
const action_id = 'act_1'
const execution_id = 'exe_1'
const day = '2026-11-22'
const payload_hash = 'a'.repeat(64)
const sent = 'b'.repeat(64)

/** The record of one action that was proposed, approved, claimed, sent and finished; nothing is wrong with it. */
function buildRecord(): CrashRecord {
  return {
    stories: [
      {
        point,
        round: 3,
        payload_hash,
        ends: ['COMPLETED'],
        effects: [1],
        acknowledged: [
          { what: 'proposed', action_id },
          { what: 'approved', action_id },
          { what: 'claimed', action_id, execution_id },
          { what: 'finished', action_id, state: 'COMPLETED' },
        ],
        surprises: [],
      },
    ],
    ledger: {
      actions: [{ action_id, state: 'COMPLETED', revision: 1, version: 4, fence: 1, lease_over: false, payload_hashes: [payload_hash] }],
      approvals: [{ action_id, revision: 1 }],
      brakes: [],
      executions: [
        {
          action_id,
          execution_id,
          revision: 1,
          fence: 1,
          claimed_at: '2026-11-22T10:00:00.000Z',
          expected_sha256: sent,
          mode: 'live',
          authorized: true,
          outcome: 'completed',
          sent: 'yes',
          resolution: null,
          observations: 0,
          provider: 'demo_shop',
        },
      ],
      reservations: [
        { execution_id, day, scope: '', currency: '', amount: 1 },
        { execution_id, day, scope: '', currency: 'USD', amount: 20 },
      ],
      caps: [
        { day, scope: '', currency: '', cap: 50, reserved: 0, used: 1 },
        { day, scope: '', currency: 'USD', cap: 2_500, reserved: 0, used: 20 },
      ],
      ...buildAudit([
        ['external_action.proposed', 'ok'],
        ['external_action.approved', 'APPROVED'],
        ['external_action.claimed', 'EXECUTING'],
        ['external_action.claim_refused', 'refused'],
        ['external_action.finished', 'COMPLETED'],
      ]),
      events: [1, 2, 3, 4].map((version) => ({ action_id, version })),
      eventHead: { last_id: 9, newest_id: 9 },
    },
    effects: [{ received_at: '2026-11-22T10:00:01.000Z', execution_id, sha256: sent, status: 201, listing_id: '1001' }],
  }
}

/** A chain that verifies. */
function buildAudit(
  events: [type: string, status: string][],
  about = action_id,
): { audit: RecordedAudit[]; auditHead: { seq: number; hash: string } } {
  const audit: RecordedAudit[] = []
  for (const [event_type, result_status] of events) {
    const seq = audit.length + 1
    const prev = audit.at(-1)?.hash ?? '0'.repeat(64)
    const event = { event_type, result_status, approval_ref: about }
    audit.push({ seq, prev, hash: auditHash(seq, prev, event), event: canonicalize(event), event_type, result_status, action_id: about })
  }
  return { audit, auditHead: { seq: audit.length, hash: audit.at(-1)!.hash } }
}

/** What is found once `doctor` has changed one thing. */
async function findAfter(doctor: (record: ReturnType<typeof buildRecord>) => void): Promise<string[]> {
  const record = structuredClone(buildRecord())
  doctor(record)
  return (await judgeCrashes(record)).map(({ expected }) => expected)
}

const proposedOnly: [string, string][] = [['external_action.proposed', 'ok']]

describe('the judge of crashes', () => {
  it('finds nothing where nothing is wrong', async () => {
    expect(await judgeCrashes(buildRecord())).toEqual([])
  })

  it('names point and round of what belongs to one point', async () => {
    const record = buildRecord()
    record.ledger.approvals = []
    expect((await judgeCrashes(record))[0]).toMatchObject({ point, round: 3 })
  })

  it.each<[what: string, doctor: (record: CrashRecord) => void, finds: RegExp]>([
    [
      'an acknowledged proposal that is lost',
      ({ ledger }) => void (ledger.actions = []),
      /acknowledged \(proposed act_1\) to be there, but there is no such action/,
    ],
    ['an acknowledged decision that is lost', ({ ledger }) => void (ledger.approvals = []), /acknowledged \(approved act_1\).*no decision/],
    [
      'an acknowledged claim that is lost',
      ({ ledger }) => void (ledger.executions[0]!.execution_id = 'exe_2'),
      /acknowledged \(claimed act_1\).*no execution exe_1/,
    ],
    [
      'an acknowledged outcome that became another',
      ({ ledger }) => void (ledger.actions[0]!.state = 'UNKNOWN'),
      /it is UNKNOWN, and its executor was told COMPLETED/,
    ],
    [
      'a claim that reached its audit event only in the answer',
      ({ ledger }) => Object.assign(ledger, buildAudit(proposedOnly)),
      /the claim is not in the audit log/,
    ],
    [
      'one key that made two actions',
      ({ ledger }) => void ledger.actions.push({ ...ledger.actions[0]!, action_id: 'act_2' }),
      /one action for one proposal.*there are 2/,
    ],
    [
      'one key that was answered with two actions',
      ({ stories }) => void stories[0]!.acknowledged.push({ what: 'proposed', action_id: 'act_2' }),
      /same action for every repetition.*act_1, act_2/,
    ],
    [
      'one key that was answered with two executions',
      ({ stories }) => void stories[0]!.acknowledged.push({ what: 'claimed', action_id, execution_id: 'exe_2' }),
      /same execution for every repetition.*exe_1, exe_2/,
    ],
    ['a client that cannot explain what it was told', ({ stories }) => void stories[0]!.surprises.push('the claim was answered 500'), /answered 500/],
    ['an end that the point does not allow', ({ stories }) => void (stories[0]!.ends = ['UNKNOWN']), /act_1 to end UNKNOWN, not COMPLETED/],
    ['an effect that the point does not allow', ({ stories }) => void (stories[0]!.effects = [0]), /the shop to have act_1 0 times, not 1/],
  ])('finds %s', async (_what, doctor, finds) => {
    expect(await findAfter(doctor)).toContainEqual(expect.stringMatching(finds))
  })

  it.each<[what: string, doctor: (record: CrashRecord) => void, finds: RegExp]>([
    ['an effect that came twice', (record) => void (record.effects = [record.effects[0]!, record.effects[0]!]), /one request for exe_1/],
    [
      'an effect of an execution that nobody claimed',
      (record) => void (record.effects = [...record.effects, { ...record.effects[0]!, execution_id: 'exe_9' }]),
      /received exe_9, which nobody claimed/,
    ],
    [
      'an effect before its claim',
      ({ ledger }) => void (ledger.executions[0]!.claimed_at = '2026-11-22T10:00:02.000Z'),
      /the claim of exe_1 .* before its request/,
    ],
    ['bytes that nobody approved', ({ ledger }) => void (ledger.executions[0]!.expected_sha256 = 'c'.repeat(64)), /the approved bytes of exe_1/],
    ['a completed action that never reached the shop', (record) => void (record.effects = []), /a request for exe_1, which is completed/],
    ['an effect of what was reported as not sent', ({ ledger }) => void (ledger.executions[0]!.sent = 'no'), /no request for exe_1/],
  ])('finds %s', async (_what, doctor, finds) => {
    expect(await findAfter(doctor)).toContainEqual(expect.stringMatching(finds))
  })

  it.each<[what: string, doctor: (record: CrashRecord) => void, finds: RegExp]>([
    [
      'a change without its audit event',
      ({ ledger }) => Object.assign(ledger, buildAudit(ledger.audit.slice(0, 3).map((event) => [event.event_type, event.result_status]))),
      /one audit event for each of the 4 changes of act_1, not 3/,
    ],
    [
      'an audit event without its change',
      ({ ledger }) => Object.assign(ledger, buildAudit([...ledger.audit.map(toPair), ['external_action.lease_lost', 'UNKNOWN']])),
      /the last audit event of act_1 to say COMPLETED, not UNKNOWN/,
    ],
    [
      'an audit event of an action that is not there',
      ({ ledger }) => void (ledger.audit[0]!.action_id = 'act_9'),
      /the action act_9, of which audit event 1 tells/,
    ],
    ['a change without its live event', ({ ledger }) => void ledger.events.pop(), /one live event for each of the 4 changes/],
    ['an audit event that was changed', ({ ledger }) => void (ledger.audit[1]!.event = '{}'), /the audit chain to verify; at seq 2/],
    ['a gap in the audit log', ({ ledger }) => void ledger.audit.splice(2, 1), /the audit chain to verify; at seq 3: missing/],
    ['a head that ran ahead of the audit log', ({ ledger }) => void (ledger.auditHead.seq = 6), /the head of the audit log/],
    ['a head that ran ahead of the live events', ({ ledger }) => void (ledger.eventHead.last_id = 10), /the head of the live events/],
    ['a finished action without an execution', ({ ledger }) => void (ledger.executions = []), /an execution of act_1, which is COMPLETED/],
    [
      'an execution of an action that was never claimed',
      ({ ledger }) => void (ledger.actions[0]!.state = 'APPROVED'),
      /act_1 to be executed; it is APPROVED/,
    ],
    [
      'a second execution of one action',
      ({ ledger }) => void ledger.executions.push({ ...ledger.executions[0]!, revision: 2 }),
      /one execution of act_1, not 2/,
    ],
    ['an execution with another fence', ({ ledger }) => void (ledger.executions[0]!.fence = 2), /one fence, not 1 and 2/],
    ['an execution that nobody authorized', ({ ledger }) => void (ledger.executions[0]!.authorized = false), /an authorization of act_1/],
    [
      'an outcome without its state',
      ({ ledger }) => void (ledger.executions[0]!.outcome = 'failed'),
      /what its execution says: FAILED, not COMPLETED/,
    ],
    ['an execution past its lease', toOverdue, /act_1 to be UNKNOWN: its lease is over/],
    [
      'a cap that is not the sum of its executions',
      ({ ledger }) => void (ledger.caps[1]!.used = 40),
      /20 used under the cap 2026-11-22 all USD.*not 40/,
    ],
    [
      'a reservation that was never settled',
      ({ ledger }) => void (ledger.caps[0]!.reserved = 1),
      /0 reserved under the cap 2026-11-22 all count.*not 1/,
    ],
    ['more than the cap', ({ ledger }) => void (ledger.caps[1]!.cap = 19), /at most 19 under the cap/],
    ['a live execution that reserves nothing', ({ ledger }) => void (ledger.reservations = []), /a reservation for exe_1/],
    [
      'an observation without its audit event',
      ({ ledger }) => void (ledger.executions[0]!.observations = 1),
      /each of the 1 observations of act_1, not 0/,
    ],
    ['a claim under a brake', (record) => doctorBrake(record, {}), /no claim while the brake brk_1 is engaged; exe_1/],
    [
      'a claim under a brake that was released later',
      (record) => doctorBrake(record, { released_at: '2026-11-22T10:00:00.001Z' }),
      /no claim while the brake brk_1/,
    ],
    ['a brake without its audit event', (record) => doctorBrake(record, {}), /one audit event for each of 1 brakes, not 0/],
    ['a release without its audit event', (record) => doctorBrake(record, { released_at: '2026-11-22T11:00:00.000Z' }), /each of 1 releases, not 0/],
    ['a brake that never reached the audit log', (record) => doctorBrake(record, { audited: false }), /brk_1 to be in the audit log by now/],
  ])('finds %s', async (_what, doctor, finds) => {
    expect(await findAfter(doctor)).toContainEqual(expect.stringMatching(finds))
  })

  it.each<[what: string, told: Acknowledged, finds: RegExp]>([
    ['revision', { what: 'revised', action_id, revision: 2 }, /it has revision 1, and its executor was told 2/],
    ['revocation', { what: 'revoked', action_id }, /revoked act_1.*it is COMPLETED/],
    ['brake', { what: 'braked', action_id, brake_id: 'brk_1' }, /there is no brake brk_1/],
    ['release', { what: 'released', action_id, brake_id: 'brk_1' }, /the brake is engaged/],
    ['resolution', { what: 'resolved', action_id, state: 'FAILED' }, /it is COMPLETED, and its executor was told FAILED/],
  ])('finds an acknowledged %s that is lost', async (_what, told, finds) => {
    expect(await findAfter(({ stories }) => void stories[0]!.acknowledged.push(told))).toContainEqual(expect.stringMatching(finds))
  })

  it('lets what a person found out stand for an unknown outcome, and spends its reservation', async () => {
    expect(
      await findAfter(({ ledger }) => Object.assign(ledger.executions[0]!, { outcome: 'unknown', sent: 'unknown', resolution: 'completed' })),
    ).toEqual([])
  })
})

function doctorBrake({ ledger }: CrashRecord, change: Partial<RecordedBrake>): void {
  const engaged_at = '2026-11-22T09:59:59.000Z'
  ledger.brakes.push({ brake_id: 'brk_1', scope_kind: 'provider', scope_id: 'demo_shop', engaged_at, released_at: null, audited: true, ...change })
}

function toPair({ event_type, result_status }: RecordedAudit): [string, string] {
  return [event_type, result_status]
}

function toOverdue({ ledger }: CrashRecord): void {
  Object.assign(ledger.actions[0]!, { state: 'EXECUTING', lease_over: true })
}
