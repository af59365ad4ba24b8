import { describe, expect, it } from 'vitest'
import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor } from './descriptor.ts'
import type { Payload } from './payload.ts'
import { computePolicy } from './policy.ts'
import { buildPayload, descriptor, desk } from './sale-of-a-desk.ts'

describe('computePolicy', () => {
  it('makes an action without a descriptor tier C, blind, without a switch, and asks for two approvers', () => {
    expect(computePolicy(buildPayload(desk), null)).toMatchObject({
      tier: 'C',
      kill_switch: null,
      blind: true,
      target_text: 'shop/shop=corner',
      approval: { all_of: [{ role: 'approver', count: 2 }], step_up: 'passkey' },
    })
  })

  it('takes tier, switch, cost and target from descriptor and payload', () => {
    const cost = { amount_minor: 20, currency: 'USD' }
    expect(computePolicy(buildPayload(desk, { cost }), descriptor)).toMatchObject({
      tier: 'C',
      kill_switch: 'SHOP_SELL',
      cost,
      target_text: 'shop/corner',
      blind: false,
      approval: { all_of: [{ role: 'approver', count: 1 }] },
    })
  })

  it('asks for one approver more when the action is blind', () => {
    expect(computePolicy(buildPayload({ ...desk, x: 1 }), descriptor).approval.all_of).toEqual([{ role: 'approver', count: 2 }])
  })

  const grant = { max_bytes: 4_096, execute_within_seconds: 300, max_cost_minor: {}, actions_per_day: 10, cost_minor_per_day: {} }
  const undo = { kind: 'compensate', operation: 'shop.undo', within_seconds: null, text: 'yes' } as const
  const byPolicy: Partial<ReturnType<typeof computePolicy>> = {
    approval: { ...descriptor.approval, all_of: [], step_up: 'none', execute_within_seconds: grant.execute_within_seconds },
    grant,
  }
  const byPeople = { approval: descriptor.approval, grant: null }
  const byOneMore = { approval: { ...descriptor.approval, all_of: [{ role: 'approver' as const, count: 2 }] }, grant: null }
  it.each<[string, JsonValue, 'A' | 'B' | 'C', boolean, 'A' | 'B' | 'C', object]>([
    ['tier A runs on its grant', desk, 'A', false, 'A', byPolicy],
    ['tier B runs on its grant', desk, 'B', false, 'B', byPolicy],
    ['tier C is for people', desk, 'C', false, 'C', byPeople],
    ['tier A beyond its grant is tier C', desk, 'A', true, 'C', byPeople],
    ['tier B beyond its grant is tier C', desk, 'B', true, 'C', byPeople],
    ['tier C stays what it is', desk, 'C', true, 'C', byPeople],
    ['tier A that cannot be explained is tier C', { ...desk, x: 1 }, 'A', false, 'C', byOneMore],
    ['tier B that cannot be explained is tier C', { ...desk, x: 1 }, 'B', false, 'C', byOneMore],
    ['tier B whose sentence cannot be completed is tier C', { price: desk.price }, 'B', false, 'C', byOneMore],
    ['tier B, blind and beyond its grant', { ...desk, x: 1 }, 'B', true, 'C', byOneMore],
  ])('%s', (_what, body, described, escalated, tier, rest) => {
    const known = { ...descriptor, tier: described, grant: described === 'C' ? null : grant }
    const policy = computePolicy(buildPayload(body), known, { escalated })
    expect(policy).toMatchObject({ tier, kill_switch: 'SHOP_SELL', ...rest })
    expect(policy.risk.contributions[0]?.label).toBe(tier === 'A' ? 'Live: it leaves for the provider' : `Tier ${tier}`)
  })

  it('takes no notice of an escalation where nobody described the action', () => {
    expect(computePolicy(buildPayload(desk), null, { escalated: true })).toEqual(computePolicy(buildPayload(desk), null))
  })

  const tierA: Descriptor = { ...descriptor, tier: 'A', grant, undo }
  const cost = { amount_minor: 1, currency: 'EUR' }
  it.each<[string, Payload, Descriptor | null, number, string]>([
    ['tier A, dry run, can be undone', buildPayload(desk, { mode: 'dry_run' }), tierA, 5, 'low'],
    ['tier A, live, can be undone', buildPayload(desk), tierA, 15, 'low'],
    ['tier A, live, costs money', buildPayload(desk, { cost }), tierA, 30, 'medium'],
    ['tier B, live, irreversible', buildPayload(desk), { ...descriptor, tier: 'B', grant }, 40, 'medium'],
    ['tier C, live, irreversible', buildPayload(desk), descriptor, 55, 'high'],
    ['tier C, live, costs money', buildPayload(desk, { cost }), descriptor, 70, 'high'],
    ['tier C, hidden characters', buildPayload({ ...desk, title: 'a\u200bb' }), descriptor, 75, 'critical'],
    ['tier C, blind', buildPayload({ ...desk, x: 1 }), descriptor, 75, 'critical'],
    ['tier A, dry run, blind: decided as tier C, high at least', buildPayload({ ...desk, x: 1 }, { mode: 'dry_run' }), tierA, 55, 'high'],
    ['no descriptor', buildPayload(desk), null, 75, 'critical'],
    ['everything at once stops at 100', buildPayload({ ...desk, title: 'a\u200bb', x: 1 }, { cost }), descriptor, 100, 'critical'],
  ])('scores %s', (_what, payload, known, score, level) => {
    const { risk } = computePolicy(payload, known)
    expect(risk).toMatchObject({ score, level })
    expect(risk.contributions.reduce((sum, { points }) => sum + points, 0)).toBe(score)
  })
})
