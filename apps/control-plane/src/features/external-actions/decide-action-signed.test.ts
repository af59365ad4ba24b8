import { generateKeyPairSync } from 'node:crypto'
import type { ApprovalStatement } from '@autopack/approval-proof/approval-statement'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  countRows,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  revise,
  revoke,
  sendClaim,
  sendDecision,
  stateOf,
  toApproval,
  toListing,
  toRejection,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { allowPasskey } from '../operators/allow-passkey.ts'
import { askAndSignAct, askChallenge, enrol, makeAuthenticator, passkeyOf, signApproval } from '../../test/passkey-story.ts'
import type { ApprovalLies, SaidApproval } from '../../test/passkey-story.ts'

let deps: TestDeps
let aheadSeconds = 0
/** Another one each test: only so many proposals of one executor may wait. */
let executorKey: string
let executors = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds), ceiling: everythingOn })
  await passkeyOf(deps, 'approver')
})
beforeEach(async () => {
  aheadSeconds = 0
  executorKey = (await deps.addExecutor({ name: `agent-${(executors += 1)}`, sharedWithEveryone: true })).key
})
afterAll(() => deps.close())

/** Nobody described it: a passkey and two people. */
const toUndescribed = () =>
  toPayloadText({
    v: 1,
    provider: 'nobody',
    operation: 'knows_this',
    target: { place: 'somewhere' },
    mode: 'dry_run',
    cost: null,
    request: { method: 'POST', path: '/x', body: { do: crypto.randomUUID() } },
    files: [],
  })
const proposeBlind = () => propose(deps, { payload: toUndescribed(), executorKey })
type Proposed = Awaited<ReturnType<typeof proposeBlind>>
const said = (action: Proposed) => toApproval(action) as SaidApproval
const sign = (who: string, action: Proposed, lies: ApprovalLies = {}) => signApproval(deps, who, action, said(action), lies)
const approve = (who: string, action: Proposed, signature?: object) => sendDecision(deps, who, action, { ...said(action), signature })
const storedDecision = async (actionId: string) => {
  const found = await deps.db.execute(
    sql`SELECT d.strength, d.sole_operator, s.credential_id, s.statement FROM control_plane.decision d LEFT JOIN control_plane.signed_act s USING (signed_act_id) WHERE d.action_id = ${actionId}`,
  )
  return found.rows[0] as { strength: string; sole_operator: boolean; credential_id: string | null; statement: Uint8Array | null }
}
const isUsed = async (nonce: string) => {
  const found = await deps.db.execute(
    sql`SELECT used_at IS NOT NULL AS used FROM control_plane.challenge WHERE nonce_sha256 = sha256(convert_to(${nonce}, 'UTF8'))`,
  )
  return (found.rows[0] as { used: boolean }).used
}

describe('a signed approval', () => {
  it('counts, is kept with everything it takes to check it again, and is told in answer, audit log and passkey (I-18)', async () => {
    const action = await proposeBlind()
    const signature = await sign('approver', action)
    const shown = (await expectStatus(await approve('approver', action, signature), 200)) as ExternalAction
    expect(shown.decisions).toMatchObject([{ kind: 'approve', signed: true, strength: 'passkey', sole_operator: false }])
    const stored = await storedDecision(action.action_id)
    expect([stored.strength, Buffer.from(stored.statement!).toString('utf8')]).toEqual(['passkey', signature.statement])
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.approved',
      proof: { strength: 'passkey', credential_id: signature.assertion.credential_id, sole_operator: false },
    })
    const { items } = (await expectStatus(await deps.asOperator('approver').get('/operator/passkeys'), 200)) as { items: { last_used_at: string }[] }
    expect(items[0]!.last_used_at).not.toBeNull()
  })

  it('counts as well where a password would do', async () => {
    const action = await propose(deps)
    const shown = await expectStatus(await approve('approver', action, await sign('approver', action)), 200)
    expect(shown).toMatchObject({ state: 'APPROVED', decisions: [{ signed: true, strength: 'passkey' }] })
    await expectStatus(await sendClaim(deps, action), 201)
  })

  it('does not count twice: neither for the same action nor for another', async () => {
    const [action, other] = [await proposeBlind(), await proposeBlind()]
    const signature = await sign('approver', action)
    await expectStatus(await approve('approver', action, signature), 200)
    expect(await outcomeOf(await approve('approver', action, signature))).toEqual({ status: 409, code: 'already_decided' })
    expect(await outcomeOf(await approve('approver', other, signature))).toEqual({ status: 403, code: 'signature_refused' })
    expect(await countRows(deps, 'decision', other.action_id)).toBe(0)
  })

  it('counts once when it is sent four times at the same moment: one decision, one signature, one place', async () => {
    const action = await proposeBlind()
    const signature = await sign('approver', action)
    const answers = await Promise.all(Array.from({ length: 4 }, () => approve('approver', action, signature)))
    const outcomes = await Promise.all(answers.map(outcomeOf))
    expect(outcomes.map(({ status, code }) => code ?? status).toSorted()).toEqual([200, 'already_decided', 'already_decided', 'already_decided'])
    const shown = (await expectStatus(await deps.asOperator('approver').get(`/operator/external-actions/${action.action_id}`), 200)) as ExternalAction
    expect([shown.state, shown.decisions.length, shown.slots.filter((slot) => slot.filled_by !== null).length]).toEqual(['PENDING', 1, 1])
    const kept = await deps.db.execute(
      sql`SELECT count(*)::int AS count FROM control_plane.signed_act WHERE statement = convert_to(${signature.statement}, 'UTF8')`,
    )
    expect(kept.rows).toEqual([{ count: 1 }])
    const told = (await listAuditOf(deps, action.action_id)).map(({ event_type }) => event_type).slice(1)
    expect(told.toSorted()).toEqual(['external_action.approved', ...Array.from({ length: 3 }, () => 'external_action.decision_refused')])
  })

  it('is taken with a nonce of somebody else by nobody, and the nonce stays theirs', async () => {
    const action = await proposeBlind()
    const asked = { purpose: 'approve', action_id: action.action_id, revision: 1, payload_hash: action.payload_hash }
    const { nonce } = await askChallenge(deps, 'admin', asked)
    expect(await outcomeOf(await approve('approver', action, await sign('approver', action, { nonce })))).toEqual({
      status: 409,
      code: 'challenge_refused',
    })
    await expectStatus(await approve('admin', action, await sign('admin', action, { nonce })), 200)
  })

  it('is refused when its nonce is too old, was made for another revision, or for another purpose', async () => {
    const [action, other] = [await proposeBlind(), await proposeBlind()]
    const refused = { status: 409, code: 'challenge_refused' }
    const late = await sign('approver', action)
    aheadSeconds = 121
    expect(await outcomeOf(await approve('approver', action, late))).toEqual(refused)
    aheadSeconds = 0
    const asked = { purpose: 'approve', action_id: other.action_id, revision: 1, payload_hash: other.payload_hash }
    const { nonce } = await askChallenge(deps, 'approver', asked)
    expect(await outcomeOf(await approve('approver', action, await sign('approver', action, { nonce })))).toEqual(refused)
    const removal = await askChallenge(deps, 'approver', { purpose: 'passkey_remove', credential_id: 'AAAA' })
    expect(await outcomeOf(await approve('approver', action, await sign('approver', action, { nonce: removal.nonce })))).toEqual(refused)
    expect(await stateOf(deps, action.action_id)).toBe('PENDING')
  })

  const members: [member: string, lie: (action: Proposed) => Partial<ApprovalStatement>][] = [
    ['action.id', () => ({ action: { id: 'act_00000000-0000-0000-0000-000000000000', revision: 1, payload_hash: 'e'.repeat(64) } })],
    ['action.revision', (action) => ({ action: { id: action.action_id, revision: 2, payload_hash: action.payload_hash } })],
    ['action.payload_hash', (action) => ({ action: { id: action.action_id, revision: 1, payload_hash: 'e'.repeat(64) } })],
    ['descriptor', () => ({ descriptor: { id: 'demo_shop.create_listing', version: 1, sha256: 'e'.repeat(64) } })],
    ['display_sha256', () => ({ display_sha256: 'e'.repeat(64) })],
    ['mode', () => ({ mode: 'live' })],
    ['approver.sub', () => ({ approver: { sub: 'op_00000000-0000-0000-0000-000000000000' } })],
    ['requested_by.name', () => ({ requested_by: { executor_id: 'exr_x', name: 'another-agent' } })],
    ['decide_by', () => ({ decide_by: '2036-01-01T00:00:00.000Z' })],
    ['execute_by', () => ({ execute_by: '2036-01-01T00:00:00.000Z' })],
  ]
  it.each(members)('of a statement that differs in %s is refused, naming it, and its nonce stays used', async (member, lie) => {
    const action = await proposeBlind()
    const signature = await sign('approver', action, { statement: lie(action) })
    const answer = await approve('approver', action, signature)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'signature_refused', differs: expect.arrayContaining([member]) })
    expect(await isUsed((JSON.parse(signature.statement) as ApprovalStatement).nonce)).toBe(true)
    expect([await stateOf(deps, action.action_id), await countRows(deps, 'decision', action.action_id)]).toEqual(['PENDING', 0])
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.decision_refused',
      error_code: 'signature_refused',
    })
  })

  it('drawn by a renderer that this server does not know asks for a reload', async () => {
    const action = await proposeBlind()
    const signature = await sign('approver', action, { statement: { renderer_version: '999' } })
    expect(await outcomeOf(await approve('approver', action, signature))).toEqual({ status: 409, code: 'console_outdated' })
  })

  it('of a text that is no statement is refused', async () => {
    const action = await proposeBlind()
    const { assertion } = await sign('approver', action)
    for (const statement of ['{}', 'not json', '{"v":"autopack-act/1"}']) {
      expect(await outcomeOf(await approve('approver', action, { statement, assertion }))).toEqual({ status: 403, code: 'signature_refused' })
    }
  })

  const lies: [what: string, lies: ApprovalLies['assertion']][] = [
    ['over another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['at another origin', { origin: 'https://elsewhere.example' }],
    ['for another relying party', { rpId: 'elsewhere.example' }],
    ['inside a page of another origin', { crossOrigin: true }],
    ['without checking who it is', { userVerified: false }],
    ['as if a passkey were made', { type: 'webauthn.create' }],
    ['by a key of somebody else', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['with a broken signature', { breakSignature: true }],
    ['with a counter that stands still', { counter: 1 }],
    ['by a credential that nobody enrolled', { credentialId: Buffer.alloc(32, 9).toString('base64url') }],
  ]
  it.each(lies)('is refused when it was made %s, and its nonce stays used', async (_, assertion) => {
    const action = await proposeBlind()
    const signature = await sign('approver', action, assertion === undefined ? {} : { assertion })
    expect(await outcomeOf(await approve('approver', action, signature))).toEqual({ status: 403, code: 'signature_refused' })
    expect(await isUsed((JSON.parse(signature.statement) as ApprovalStatement).nonce)).toBe(true)
    expect(await countRows(deps, 'decision', action.action_id)).toBe(0)
  })

  it('by a passkey of another person, or by one that was removed, is refused', async () => {
    const action = await proposeBlind()
    const foreign = await sign('approver', action, { by: await passkeyOf(deps, 'admin') })
    expect(await outcomeOf(await approve('approver', action, foreign))).toEqual({ status: 403, code: 'signature_refused' })
    const own = await passkeyOf(deps, 'approver')
    const removed = await enrol(deps, 'approver', { with: own, authenticator: makeAuthenticator(deps, { kind: 'EdDSA', counts: false }) })
    const removal = await askAndSignAct(deps, 'approver', own, { purpose: 'passkey_remove', credential_id: removed.credentialId })
    await expectStatus(
      await deps.asOperator('approver').post('/operator/passkeys/remove', { credential_id: removed.credentialId, signature: removal }),
      200,
    )
    const late = await sign('approver', action, { by: removed })
    expect(await outcomeOf(await approve('approver', action, late))).toEqual({ status: 403, code: 'signature_refused' })
  })

  it('that was refused for another reason does not count when that reason is gone', async () => {
    const action = await proposeBlind()
    const signature = await sign('approver', action)
    const wrong = await sendDecision(deps, 'approver', action, { ...said(action), display_sha256: 'e'.repeat(64), signature })
    expect(await outcomeOf(wrong)).toEqual({ status: 409, code: 'policy_mismatch' })
    expect(await outcomeOf(await approve('approver', action, signature))).toEqual({ status: 409, code: 'challenge_refused' })
  })

  it('about a revision that another took the place of is superseded', async () => {
    const first = await proposeBlind()
    const signature = await sign('approver', first)
    await expectStatus(await revise(deps, first, toUndescribed(), {}, executorKey), 201)
    const answer = await approve('approver', first, signature)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ code: 'superseded', current_revision: 2 })
  })
})

describe('an approval without a signature', () => {
  const stale = async (action: Proposed, ageSeconds: number) =>
    deps.asOperator('approver', { authAgeSeconds: ageSeconds }).post(`/operator/external-actions/${action.action_id}/decision`, said(action))

  it('is refused where a passkey is needed, and says so', async () => {
    const action = await proposeBlind()
    const answer = await approve('approver', action)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'passkey' })
    expect(await countRows(deps, 'decision', action.action_id)).toBe(0)
  })

  it('counts for five minutes after the password where that is enough, and is marked as not signed', async () => {
    const action = await propose(deps)
    const answer = await stale(action, 301)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'password' })
    const shown = await expectStatus(await stale(action, 300), 200)
    expect(shown).toMatchObject({ state: 'APPROVED', decisions: [{ signed: false, strength: 'password' }] })
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({ proof: { strength: 'password', credential_id: null } })
  })

  it('is refused in production for tier C, whatever the descriptor says', async () => {
    const action = await propose(deps, { payload: toListing() })
    Object.assign(deps.settings, { production: true })
    try {
      const answer = await stale(action, 0)
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'passkey' })
      await expectStatus(await approve('approver', action, await sign('approver', action)), 200)
    } finally {
      Object.assign(deps.settings, { production: false })
    }
  })

  it('is never asked of whoever says no', async () => {
    const action = await proposeBlind()
    const caller = deps.asOperator('approver', { authAgeSeconds: 40_000 })
    await expectStatus(await caller.post(`/operator/external-actions/${action.action_id}/decision`, toRejection(action)), 200)
  })
})

describe('the database itself', () => {
  it('takes no unsigned approval of what has to be signed, and no signature about something else (I-18)', async () => {
    const action = await proposeBlind()
    const insert = (signed: string | null) =>
      deps.db.execute(sql`
        INSERT INTO control_plane.decision (decision_id, action_id, revision, payload_sha256, kind, reason, operator_id, operator_role, sid_hash, amr,
          request_id, display_sha256, decided_at, strength, signed_act_id)
        SELECT ${`dec_${crypto.randomUUID()}`}, action_id, revision, payload_sha256, 'approve', 'x', ${deps.operatorIds.approver}, 'approver', 'x', '{pwd}',
          'x', sha256('x'), clock_timestamp(), ${signed === null ? 'session' : 'passkey'}, ${signed}
        FROM control_plane.action_revision WHERE action_id = ${action.action_id}`)
    await expect(insert(null)).rejects.toMatchObject({ cause: { message: expect.stringContaining('with a passkey only') } })
    const other = await proposeBlind()
    await expectStatus(await decide(deps, 'approver', other, toApproval(other)), 200)
    const found = await deps.db.execute(sql`SELECT signed_act_id FROM control_plane.signed_act ORDER BY signed_at DESC LIMIT 1`)
    const act = (found.rows[0] as { signed_act_id: string }).signed_act_id
    await expect(insert(act)).rejects.toMatchObject({ cause: { message: expect.stringContaining('about something else') } })
  })

  it('lets nobody claim what was signed with a passkey that an admin reset, but what a person removed stands', async () => {
    const person = await deps.addOperator({ name: 'Noor', role: 'approver' })
    const [kept, lost] = [await propose(deps), await propose(deps)]
    const first = await passkeyOf(deps, person)
    const second = await enrol(deps, person, { with: first })
    await expectStatus(await approve(person, kept, await sign(person, kept, { by: second })), 200)
    const removal = await askAndSignAct(deps, person, first, { purpose: 'passkey_remove', credential_id: second.credentialId })
    await expectStatus(
      await deps.asOperator(person).post('/operator/passkeys/remove', { credential_id: second.credentialId, signature: removal }),
      200,
    )
    await expectStatus(await sendClaim(deps, kept), 201)
    await expectStatus(await approve(person, lost, await sign(person, lost)), 200)
    const reset = await deps.asOperator('admin').post(`/operator/operators/${person}/passkeys/reset`, { reason: 'The phone is lost.' })
    expect(await expectStatus(reset, 200)).toMatchObject({ removed_count: 1 })
    expect(await outcomeOf(await sendClaim(deps, lost))).toEqual({ status: 409, code: 'policy_mismatch' })
  })

  const resets: [who: string, reset: (person: string) => Promise<unknown>][] = [
    [
      'an admin reset their passkeys',
      async (person) =>
        expectStatus(await deps.asOperator('admin').post(`/operator/operators/${person}/passkeys/reset`, { reason: 'The phone is lost.' }), 200),
    ],
    [
      'whoever runs the server let them make another first one',
      async (operatorId) =>
        allowPasskey(deps, { principal: { kind: 'system', name: 'operators-command' }, operatorId, reason: 'The phone is lost.', requestId: null }),
    ],
  ]
  it.each(resets)('claims what was approved without a signature before %s, unless somebody revokes it', async (_, reset) => {
    const person = await deps.addOperator({ name: `Noor ${crypto.randomUUID()}`, role: 'approver' })
    await enrol(deps, person)
    const [stands, revoked] = [await propose(deps), await propose(deps)]
    for (const action of [stands, revoked]) {
      expect(await expectStatus(await approve(person, action), 200)).toMatchObject({ decisions: [{ signed: false }] })
    }
    await reset(person)
    await expectStatus(await revoke(deps, 'viewer', revoked), 200)
    await expectStatus(await sendClaim(deps, stands), 201)
    expect(await outcomeOf(await sendClaim(deps, revoked))).toEqual({ status: 409, code: 'not_approved' })
  })

  it.each(resets)('lets nobody claim or complete what was signed before %s, also where the passkey had removed itself', async (_, reset) => {
    const person = await deps.addOperator({ name: `Noor ${crypto.randomUUID()}`, role: 'approver' })
    const [inUse, removed] = [await enrol(deps, person), makeAuthenticator(deps)]
    await enrol(deps, person, { with: inUse, authenticator: removed })
    const [one, other, half] = [await propose(deps), await propose(deps), await proposeBlind()]
    await expectStatus(await approve(person, one, await sign(person, one, { by: removed })), 200)
    await expectStatus(await approve(person, half, await sign(person, half, { by: removed })), 200)
    await expectStatus(await approve(person, other, await sign(person, other, { by: inUse })), 200)
    const signature = await askAndSignAct(deps, person, removed, { purpose: 'passkey_remove', credential_id: removed.credentialId })
    await expectStatus(await deps.asOperator(person).post('/operator/passkeys/remove', { credential_id: removed.credentialId, signature }), 200)
    await reset(person)
    for (const action of [one, other]) expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'policy_mismatch' })
    expect(await outcomeOf(await approve('approver', half, await sign('approver', half)))).toEqual({ status: 409, code: 'policy_mismatch' })
    const renewed = await enrol(deps, person, { authAgeSeconds: 0 })
    const after = await propose(deps)
    await expectStatus(await approve(person, after, await sign(person, after, { by: renewed })), 200)
    await expectStatus(await sendClaim(deps, after), 201)
  })
})
