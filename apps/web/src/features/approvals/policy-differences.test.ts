import type { ExternalAction } from '@autopack/contract/external-actions'
import { expect, test } from 'vitest'
import { buildHonestAction, buildListing } from './honest-action.ts'
import { listPolicyDifferences } from './policy-differences.ts'
import { loadDescriptorOf, readProposal } from './read-proposal.ts'

const { action, bytes } = buildHonestAction(buildListing())
const descriptor = await loadDescriptorOf(bytes)
const proposal = readProposal(action, bytes, descriptor)

test('A server that tells the truth differs in nothing, also about what nobody can explain', () => {
  expect(listPolicyDifferences(action, proposal)).toEqual([])
  const blind = buildHonestAction(buildListing({ x_partner: true }))
  expect(listPolicyDifferences(blind.action, readProposal(blind.action, blind.bytes, descriptor))).toEqual([])
})

const slot = action.slots[0]!
test.each<[string, Partial<ExternalAction>, string]>([
  ['a lower tier', { tier: 'B' }, 'Tier'],
  ['another target', { target: 'demo_shop/other' }, 'Target'],
  ['another switch', { kill_switch: 'ETSY_PUBLISH' }, 'Switch'],
  ['less risk', { risk: { score: 1, level: 'low' } }, 'Risk'],
  ['fewer approvals', { slots: [] }, 'Approvals'],
  ['an approval too many', { slots: [slot, { ...slot, slot: 1 }] }, 'Approvals'],
  ['the place of another role', { slots: [{ ...slot, role: 'admin' }] }, 'Approvals'],
  ['a weaker proof of who decides', { step_up: 'none' }, 'What an approval takes'],
  ['more time to decide', { decide_by: '2026-11-30T13:00:00.000Z', latest_execute_by: '2026-11-30T14:00:00.000Z' }, 'Decide by'],
  ['more time to execute', { latest_execute_by: '2027-11-22T13:00:00.000Z' }, 'Execute by'],
])('%s than follows from the bytes is found', (_what, lie, about) => {
  const differences = listPolicyDifferences({ ...action, ...lie }, proposal)
  expect(differences).toHaveLength(1)
  expect(differences[0]).toMatch(new RegExp(`^${about}: `))
})

test('A deployment may ask for more than the description does', () => {
  expect(listPolicyDifferences({ ...action, step_up: 'passkey' }, proposal)).toEqual([])
})
