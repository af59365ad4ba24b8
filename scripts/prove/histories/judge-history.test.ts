import { expect, test } from 'vitest'
import type { HistoryRecord } from './history-record.ts'
import { judgeHistory } from './judge-history.ts'

const asked = {
  client: 'c1',
  started: 0,
  ended: 0,
  status: 200,
  code: null,
  action_id: 'act_1',
  revision: 1,
  payload_hash: 'h',
  execution_id: null,
  scope: null,
}
const event = { result_status: 'ok', action_id: 'act_1', revision: 1, payload_hash: 'h', auth_principal_id: 'x', error_code: null, scope: null }
const good: HistoryRecord = {
  asked: [
    { ...asked, operation: 'propose', status: 201, started: 10, ended: 21 },
    { ...asked, operation: 'approve', started: 25, ended: 31 },
    { ...asked, operation: 'claim', status: 201, execution_id: 'exe_1', started: 35, ended: 41 },
    { ...asked, operation: 'brake', scope: 'all', action_id: null, revision: null, started: 45, ended: 51 },
    { ...asked, operation: 'finish', started: 65, ended: 71 },
  ],
  audited: [
    { ...event, seq: 1, committed: 20, event_type: 'external_action.proposed' },
    { ...event, seq: 2, committed: 30, event_type: 'external_action.approved' },
    { ...event, seq: 3, committed: 40, event_type: 'external_action.claimed' },
    { ...event, seq: 4, committed: 50, event_type: 'control.brake_engaged', scope: 'all' },
    { ...event, seq: 5, committed: 70, event_type: 'external_action.finished' },
  ],
  executions: [
    {
      ...{
        execution_id: 'exe_1',
        action_id: 'act_1',
        revision: 1,
        payload_hash: 'h',
        expected_sha256: 'bytes',
        executor_id: 'exr_1',
        provider: 'demo_shop',
      },
      ...{ committed: 40, mode: 'live', outcome: 'completed', sent: 'yes' },
    },
  ],
  decided: [{ action_id: 'act_1', revision: 1, payload_hash: 'h', kind: 'approve', operator_id: 'op_1', committed: 30 }],
  effects: [{ execution_id: 'exe_1', received: 60, sha256: 'bytes', status: 201 }],
  caps: [{ day: '2026-11-22', scope: '', currency: '', cap: 10, used: 1, reserved: 0, held: 1 }],
  actions: [{ action_id: 'act_1', state: 'COMPLETED', revision: 1, slots: 1 }],
  chain: [],
}
const [execution] = good.executions
const [effect] = good.effects
const [decision] = good.decided

test('an honest history has nothing to find', () => {
  expect(judgeHistory(good)).toEqual([])
})

const wrong: [what: string, found: RegExp, change: Partial<HistoryRecord>][] = [
  ['an effect nobody claimed', /I-17.*nobody claimed/, { effects: [{ ...effect!, execution_id: 'exe_9' }] }],
  ['an effect before its claim', /I-17.*before its claim/, { effects: [{ ...effect!, received: 30 }] }],
  ['an effect twice', /I-17.*2 effects/, { effects: [effect!, { ...effect!, received: 61 }] }],
  ['other bytes at the shop', /I-3/, { effects: [{ ...effect!, sha256: 'others' }] }],
  ['an effect of a dry run', /I-14/, { executions: [{ ...execution!, mode: 'dry_run' }] }],
  ['a revision claimed twice', /I-8.*twice/, { executions: [execution!, { ...execution!, execution_id: 'exe_2' }] }],
  ['a claim without an approval', /I-1:/, { decided: [] }],
  ['an approval of other bytes', /I-1:/, { decided: [{ ...decision!, payload_hash: 'other' }] }],
  ['an approval of another revision', /I-1:/, { decided: [{ ...decision!, revision: 2 }] }],
  ['an approval after the claim', /I-1:/, { decided: [{ ...decision!, committed: 50 }] }],
  ['one approval where two are needed', /I-1:/, { actions: [{ ...good.actions[0]!, slots: 2 }] }],
  [
    'the same person twice where two are needed',
    /I-1:/,
    { actions: [{ ...good.actions[0]!, slots: 2 }], decided: [decision!, { ...decision!, committed: 31 }] },
  ],
  ['a claim after a no', /I-11.*said revoke/, { decided: [decision!, { ...decision!, kind: 'revoke', committed: 33 }] }],
  [
    'a claim under the brake, in the order of the log',
    /I-13: audit event 3/,
    {
      audited: [
        good.audited[0]!,
        { ...good.audited[3]!, seq: 2, committed: 30 },
        good.audited[2]!,
        { ...good.audited[1]!, seq: 4 },
        good.audited[4]!,
      ],
    },
  ],
  [
    'a claim after somebody was told that the brake is engaged',
    /I-13.*was told/,
    { asked: good.asked.map((item) => (item.operation === 'brake' ? { ...item, started: 30, ended: 33 } : item)) },
  ],
  [
    'a claim after a revocation was acknowledged',
    /I-11.*revoke is done/,
    { asked: [...good.asked, { ...asked, operation: 'revoke', started: 31, ended: 33 }] },
  ],
  ['a cap that holds too much', /I-15.*of 0/, { caps: [{ ...good.caps[0]!, cap: 0 }] }],
  ['a cap that holds what nobody holds', /I-15.*executions hold 2/, { caps: [{ ...good.caps[0]!, held: 2 }] }],
  ['a gap in the log', /I-20: after audit event 2 comes 4/, { audited: good.audited.filter(({ seq }) => seq !== 3) }],
  [
    'commits in another order than the log',
    /I-20: audit event 2 committed/,
    { audited: good.audited.map((item) => (item.seq === 1 ? { ...item, committed: 90 } : item)) },
  ],
  ['a chain that does not verify', /I-20: broken/, { chain: ['broken at 3'] }],
  [
    'a claim without its event',
    /I-19: 1 claims and 0/,
    { audited: good.audited.map((item) => (item.seq === 3 ? { ...item, event_type: 'x' } : item)) },
  ],
  [
    'an acknowledged finish that is not in the log',
    /I-19.*finish/,
    { audited: good.audited.map((item) => (item.seq === 5 ? { ...item, event_type: 'x' } : item)) },
  ],
  [
    'an answer that is a failure of ours',
    /answered 500/,
    { asked: [...good.asked, { ...asked, operation: 'cap', status: 500, code: 'internal_error' }] },
  ],
  ['no answer at all', /answered 0/, { asked: [...good.asked, { ...asked, operation: 'cap', status: 0 }] }],
  [
    'an execution that was handed out and is not on record',
    /I-8.*exe_7/,
    { asked: [...good.asked, { ...asked, operation: 'claim', status: 201, execution_id: 'exe_7', started: 35, ended: 41 }] },
  ],
]
test.each(wrong)('finds %s', (_what, found, change) => {
  expect(judgeHistory({ ...good, ...change }).join('\n')).toMatch(found)
})
