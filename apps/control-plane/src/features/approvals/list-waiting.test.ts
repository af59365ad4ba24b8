import { randomUUID } from 'node:crypto'
import type { WaitingItem, listApprovals } from '@autopack/contract/approvals'
import type { AnswerOf } from '@autopack/contract/route'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide, expectStatus, outcomeOf, propose, toRejection } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askApproval, askGovernance, decideAsked, rejection, startOwnRun } from '../../test/request-story.ts'
import { sweepRequests } from './sweep-requests.ts'

let deps: TestDeps
let aheadSeconds = 0
const ids = { action: '', approval: '', governance: '', own: '' }
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
  const run_id = await startOwnRun(deps, { name: 'The walnut run' })
  const own = await startOwnRun(deps, { started_by: ' APPROVER\u200b' })
  ids.governance = (await askGovernance(deps, { run_id, paths: ['docs/a.md'] })).approval_ref.id
  ids.approval = (await askApproval(deps, { run_id, context: 'about_walnuts' })).approval_ref.id
  ids.action = (await propose(deps)).action_id
  ids.own = (await askApproval(deps, { run_id: own })).approval_ref.id
})
afterAll(() => deps.close())

type Queue = AnswerOf<typeof listApprovals>
const queue = async (search = '', who = 'approver') =>
  (await expectStatus(await deps.asOperator(who).get(`/operator/approvals${search}`), 200)) as Queue
const idsOf = (items: readonly WaitingItem[]) => items.map(({ approval_ref }) => approval_ref.id)

describe('the queue of all kinds', () => {
  it('shows first what this person can decide, the nearest deadline first, whatever it is', async () => {
    const { items, total } = await queue()
    expect(items.map(({ kind, actionable }) => [kind, actionable])).toEqual([
      ['approval_request', true],
      ['governance_request', true],
      ['external_action', true],
    ])
    expect(idsOf(items)).toEqual([ids.approval, ids.governance, ids.action])
    expect(total).toEqual({ count: 3, exact: true })
  })

  it('shows all that is open with what this person may not decide, and counts exactly what it lists', async () => {
    const { items, total } = await queue('?scope=open')
    expect(items.map(({ approval_ref, actionable }) => [approval_ref.id, actionable])).toEqual([
      [ids.approval, true],
      [ids.own, false],
      [ids.governance, true],
      [ids.action, true],
    ])
    expect(total.count).toBe(items.length)
    expect((await queue('', 'viewer')).total.count).toBe(0)
    expect((await queue('?scope=open', 'viewer')).total.count).toBe(4)
  })

  it.each([
    ['kind=external_action', () => [ids.action]],
    ['kind=approval_request', () => [ids.approval, ids.own]],
    ['kind=governance_request', () => [ids.governance]],
    ['risk=medium', () => [ids.governance]],
    ['risk=high', () => [ids.approval, ids.own, ids.action]],
    ['risk=low', () => []],
    ['provider=demo_shop', () => [ids.action]],
    ['kind=approval_request&provider=demo_shop', () => []],
    ['q=about_walnuts', () => [ids.approval]],
    ['q=walnut%20run', () => [ids.approval, ids.governance]],
    ['q=100%25', () => []],
  ])('filters by %s', async (filter, expected) => {
    const { items, total } = await queue(`?scope=open&${filter}`)
    expect(idsOf(items)).toEqual(expected())
    expect(total.count).toBe(items.length)
  })

  it('pages through all kinds without losing or repeating one', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Queue = await queue(`?scope=open&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`)
      expect(page.total.count).toBe(4)
      seen.push(...idsOf(page.items))
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(seen).toEqual([ids.approval, ids.own, ids.governance, ids.action])
  })

  it('shows nothing of an executor that this person may not see', async () => {
    const owned = await deps.addExecutor({ name: 'hidden', ownerOperatorId: deps.operatorIds.admin })
    const hidden = await askApproval(deps, {}, owned.key)
    expect(idsOf((await queue('?scope=open')).items)).not.toContain(hidden.approval_ref.id)
    expect((await queue('?scope=open')).total.count).toBe(4)
    expect(idsOf((await queue('?scope=open', 'admin')).items)).toContain(hidden.approval_ref.id)
    await expectStatus(await decideAsked(deps, 'admin', hidden, rejection), 200)
  })

  it('keeps what was decided, by whomever, and what expired, the latest first', async () => {
    const action = await propose(deps)
    await expectStatus(await decide(deps, 'approver', action, toRejection(action)), 200)
    const run_id = await startOwnRun(deps)
    const byPolicy = await askGovernance(deps, { run_id, paths: [`examples/${randomUUID()}.py`], changed_lines: 1 })
    const rejected = await askApproval(deps)
    await expectStatus(await decideAsked(deps, 'approver', rejected, rejection), 200)
    const late = await askApproval(deps)
    const decided = [rejected.approval_ref.id, byPolicy.approval_ref.id, action.action_id]
    expect(idsOf((await queue('?scope=decided')).items)).toEqual(decided)
    aheadSeconds = 901
    await sweepRequests(deps)
    aheadSeconds = 0
    const { items } = await queue('?scope=decided')
    expect(new Set(idsOf(items))).toEqual(new Set([...decided, late.approval_ref.id, ids.approval, ids.own]))
    expect(items.find(({ approval_ref }) => approval_ref.id === late.approval_ref.id)).toMatchObject({
      request: { state: 'EXPIRED', decided_by: null },
      actionable: false,
    })
    // Its page outlives it.
    await expectStatus(await deps.asOperator('approver').get(`/operator/approvals/${late.approval_ref.id}`), 200)
  })

  it('400 for a filter or a kind that there is not', async () => {
    for (const search of ['?kind=everything', '?risk=none', '?cursor=abc', '?other=1'])
      expect(await outcomeOf(await deps.asOperator('approver').get(`/operator/approvals${search}`))).toEqual({ status: 400, code: 'invalid_request' })
  })
})
