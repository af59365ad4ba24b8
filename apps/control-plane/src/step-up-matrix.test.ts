/**
 * Every act of the operator plane × what the deployment asks, by a session of long ago and without a signature: what the policy of its
 * route says is what is asked, in both directions. Nothing here is refused for another reason, so whatever is not asked is done.
 */
import { randomUUID } from 'node:crypto'
import { consoleOnlyRoutes, operatorRoutes } from '@autopack/contract/routes'
import type { StepUpRule } from '@autopack/contract/route'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { everythingOn, setBrake } from './test/ledger-story.ts'
import type { Settings } from './environment.ts'
import { openTestDeps } from './test/open-test-deps.ts'
import type { TestDeps } from './test/open-test-deps.ts'
import { buildOperatorActs } from './test/operator-acts.ts'
import type { OperatorAct, OperatorActs } from './test/operator-acts.ts'

let deps: TestDeps
let acts: Readonly<Record<string, OperatorActs>>
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
  acts = buildOperatorActs(deps)
})
afterEach(async () => {
  Object.assign(deps.settings, { stepUp: 'preferred' })
  await setBrake(deps, false)
})
afterAll(() => deps.close())

const longAgo = { authAgeSeconds: 40_000 }
const unique = () => `m-${randomUUID().slice(0, 8)}`

type Needed = 'passkey' | 'password' | 'nothing'
const ofDeployment: Record<Settings['stepUp'], Needed> = { passkey: 'passkey', preferred: 'password' }
/** What an act of each rule is asked for that is not free. */
const expected: Record<StepUpRule, (deployment: Settings['stepUp']) => Needed> = {
  none: () => 'nothing',
  control: (deployment) => ofDeployment[deployment],
  control_for_more: (deployment) => ofDeployment[deployment],
  // The descriptor of the demo shop says so, whatever the deployment says.
  action_to_approve: () => 'password',
  passkey: () => 'passkey',
  passkey_if_any: () => 'passkey',
}
/** The acts there are of each rule. */
const kinds: Record<StepUpRule, readonly (keyof OperatorActs)[]> = {
  none: ['free'],
  control: ['asking'],
  control_for_more: ['asking', 'free'],
  action_to_approve: ['asking', 'free'],
  passkey: ['asking'],
  passkey_if_any: ['asking', 'free'],
}

async function whatIsAsked({ target, body, who = 'admin' }: OperatorAct): Promise<Needed> {
  const answer = await deps.asOperator(who, longAgo).post(target, body)
  const said = (await answer.json()) as { code?: string; needs?: Needed }
  if (answer.ok) return 'nothing'
  if (said.code !== 'step_up_required' || said.needs === undefined) throw new Error(`${answer.status}: ${JSON.stringify(said)}`)
  return said.needs
}

const changing = operatorRoutes.filter(({ method }) => method !== 'GET')

describe.each(changing.map((route) => [route.id, route] as const))('%s', (id, { policy }) => {
  it.each(['passkey', 'preferred'] as const)('asks what its policy says where the deployment says %s', async (deployment) => {
    expect(Object.keys(acts[id] ?? {})).toEqual(kinds[policy.step_up])
    for (const [kind, prepare] of Object.entries(acts[id]!)) {
      const act = await prepare()
      Object.assign(deps.settings, { stepUp: deployment })
      const asked = await whatIsAsked(act)
      Object.assign(deps.settings, { stepUp: 'preferred' })
      expect([kind, asked]).toEqual([kind, kind === 'asking' ? expected[policy.step_up](deployment) : 'nothing'])
    }
  })
})

test('a refusal for want of a step-up is in the audit log, and nothing of the act is done', async () => {
  const executor_name = unique()
  Object.assign(deps.settings, { stepUp: 'passkey' })
  expect(await whatIsAsked({ target: '/operator/executor-keys', body: { executor_name } })).toBe('passkey')
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  expect(JSON.parse((found.rows[0] as { event: string }).event)).toMatchObject({ error_code: 'step_up_required', result_status: 'refused' })
  const made = await deps.db.execute(sql`SELECT count(*)::int AS count FROM control_plane.executor WHERE name = ${executor_name}`)
  expect(made.rows).toEqual([{ count: 0 }])
})

test('the matrix has an act for every route that changes something, and every rule appears in it', () => {
  expect(Object.keys(acts).toSorted()).toEqual(changing.map(({ id }) => id).toSorted())
  expect(new Set(changing.map(({ policy }) => policy.step_up))).toEqual(new Set(Object.keys(expected)))
  const silent = [...operatorRoutes.filter(({ method }) => method === 'GET'), ...consoleOnlyRoutes]
  expect(silent.filter(({ policy }) => policy.step_up !== 'none')).toEqual([])
})
