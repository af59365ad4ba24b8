import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus, outcomeOf } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askAndSignAct, passkeyOf } from '../../test/passkey-story.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterEach(() => {
  Object.assign(deps.settings, { stepUp: 'preferred' })
})
afterAll(() => deps.close())

const stale = { authAgeSeconds: 40_000 }
const admin = (options?: { authAgeSeconds: number }) => deps.asOperator('admin', options)
const unique = () => `p-${randomUUID().slice(0, 8)}`
type Asked = Parameters<typeof askAndSignAct>[3]
/** `other`: signed for the same kind of act, which would do something else. */
type Act = { target: string; body: object; asked: Asked; other: Asked; status: 200 | 201 }

const keyAct = (more: object) => ({
  purpose: 'executor_key' as const,
  act: 'create',
  key_id: null,
  owner_operator_id: deps.operatorIds.admin,
  shared_with_everyone: false,
  scopes: 'actions:propose runs:read',
  expires_in_days: 30,
  old_key_hours: null,
  ...more,
})
const keyBody = { scopes: ['runs:read', 'actions:propose', 'runs:read'], expires_in_days: 30 }
const invited = async (name: string) => {
  const answer = await expectStatus(await admin().post('/operator/operators', { name, role: 'viewer' }), 201)
  return (answer as { operator: { operator_id: string } }).operator.operator_id
}

/** Each lets somebody, or some program, do more than before. */
const acts: [what: string, prepare: () => Promise<Act>][] = [
  [
    'inviting somebody',
    async () => {
      const asked = { purpose: 'operator_invite' as const, name: unique(), role: 'approver' }
      const { purpose: _, ...body } = asked
      return { target: '/operator/operators', body, asked, other: { ...asked, role: 'viewer' }, status: 201 }
    },
  ],
  [
    'issuing another invite',
    async () => {
      const name = unique()
      const asked = { purpose: 'operator_invite' as const, name, role: 'viewer' }
      const target = `/operator/operators/${await invited(name)}/invite`
      return { target, body: { reason: 'Lost.' }, asked, other: { ...asked, name: unique() }, status: 201 }
    },
  ],
  [
    'giving a role',
    async () => {
      const operator_id = await deps.addOperator({ name: unique(), role: 'viewer' })
      const asked = { purpose: 'operator_role' as const, operator_id, role: 'admin' }
      return {
        target: `/operator/operators/${operator_id}/role`,
        body: { role: 'admin', reason: 'x' },
        asked,
        other: { ...asked, role: 'approver' },
        status: 200,
      }
    },
  ],
  [
    'enabling somebody',
    async () => {
      const operator_id = await deps.addOperator({ name: unique(), role: 'admin', enabled: false })
      const asked = { purpose: 'operator_enable' as const, operator_id }
      return {
        target: `/operator/operators/${operator_id}/enable`,
        body: { reason: 'x' },
        asked,
        other: { ...asked, operator_id: deps.operatorIds.viewer },
        status: 200,
      }
    },
  ],
  [
    'creating a key',
    async () => {
      const executor_name = unique()
      const asked = keyAct({ executor_name })
      return {
        target: '/operator/executor-keys',
        body: { ...keyBody, executor_name },
        asked,
        other: { ...asked, scopes: 'runs:read' } as Asked,
        status: 201,
      }
    },
  ],
  [
    'replacing a key',
    async () => {
      const executor = await deps.addExecutor({ name: unique() })
      const asked = keyAct({ act: 'rotate', key_id: executor.keyId, executor_name: executor.name, old_key_hours: 1 })
      const target = `/operator/executor-keys/${executor.keyId}/rotate`
      return { target, body: { ...keyBody, old_key_hours: 1 }, asked, other: { ...asked, old_key_hours: 168 } as Asked, status: 201 }
    },
  ],
  [
    'handing an executor over',
    async () => {
      const { executorId: executor_id } = await deps.addExecutor({ name: unique() })
      const owner_operator_id = deps.operatorIds.approver
      const asked = { purpose: 'executor_transfer' as const, executor_id, owner_operator_id }
      const target = `/operator/executors/${executor_id}/owner`
      return {
        target,
        body: { owner_operator_id, reason: 'x' },
        asked,
        other: { ...asked, owner_operator_id: deps.operatorIds.viewer },
        status: 200,
      }
    },
  ],
]

describe.each(acts)('%s', (_, prepare) => {
  it('takes the password again, where that is enough, and nothing after five minutes', async () => {
    const { target, body, status } = await prepare()
    const answer = await admin(stale).post(target, body)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'password' })
    expect(await readNewestEvent()).toMatchObject({ result_status: 'refused', error_code: 'step_up_required' })
    await expectStatus(await admin().post(target, body), status)
    expect(await readNewestEvent()).toMatchObject({ result_status: 'ok', proof: { strength: 'password', signed_act_id: null } })
  })

  it('takes a passkey, where the deployment says so, and keeps what it signed', async () => {
    const { target, body, asked, status } = await prepare()
    Object.assign(deps.settings, { stepUp: 'passkey' })
    const answer = await admin().post(target, body)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'passkey' })
    const signature = await askAndSignAct(deps, 'admin', await passkeyOf(deps, 'admin'), asked)
    await expectStatus(await admin(stale).post(target, { ...body, signature }), status)
    expect(await readNewestEvent()).toMatchObject({ result_status: 'ok', proof: { strength: 'passkey' } })
    const kept = await deps.db.execute(sql`SELECT purpose FROM control_plane.signed_act ORDER BY signed_at DESC LIMIT 1`)
    expect(kept.rows).toEqual([{ purpose: asked.purpose }])
  })

  it('takes no signature over another act of the kind, changes nothing then, and uses its challenge up', async () => {
    const { target, body, other } = await prepare()
    Object.assign(deps.settings, { stepUp: 'passkey' })
    const signature = await askAndSignAct(deps, 'admin', await passkeyOf(deps, 'admin'), other)
    expect(await outcomeOf(await admin().post(target, { ...body, signature }))).toEqual({ status: 403, code: 'signature_refused' })
    expect(await readNewestEvent()).toMatchObject({ result_status: 'refused', error_code: 'signature_refused' })
    const open = await deps.db.execute(
      sql`SELECT count(*)::int AS count FROM control_plane.challenge WHERE used_at IS NULL AND operator_id IS NOT NULL`,
    )
    expect(open.rows).toEqual([{ count: 0 }])
    expect(await outcomeOf(await admin().post(target, body))).toMatchObject({ status: 403, code: 'step_up_required' })
  })
})

it('uses up what was signed for an act that is refused for another reason', async () => {
  const name = unique()
  const asked = { purpose: 'operator_invite', name, role: 'viewer' } as const
  await invited(name)
  const signature = await askAndSignAct(deps, 'admin', await passkeyOf(deps, 'admin'), asked)
  const send = () => admin().post('/operator/operators', { name, role: 'viewer', signature })
  expect(await outcomeOf(await send())).toMatchObject({ code: 'name_taken' })
  const used = await deps.db.execute(sql`SELECT used_at IS NOT NULL AS used FROM control_plane.challenge ORDER BY created_at DESC LIMIT 1`)
  expect(used.rows).toEqual([{ used: true }])
})

async function readNewestEvent(): Promise<unknown> {
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  return JSON.parse((found.rows[0] as { event: string }).event)
}
