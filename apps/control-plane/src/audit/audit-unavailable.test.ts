/**
 * While the audit log cannot be written (I-22): every route that changes something, from the contract, × the ways in which a log is lost.
 * What is refused changes nothing in any table, what is read is read, the brake works, and afterwards everything goes on by itself.
 */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEvent } from '@autopack/contract/audit'
import type { Control } from '@autopack/contract/operator-control'
import { consoleOnlyRoutes, executorRoutes, operatorRoutes } from '@autopack/contract/routes'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { databaseRoles } from '../db/database-roles.ts'
import { buildConsoleActs } from '../test/console-acts.ts'
import { buildExecutorActs } from '../test/executor-acts.ts'
import type { PreparedAct } from '../test/executor-acts.ts'
import { everythingOn, expectStatus, propose, proposeApproved, sendClaim, sendProposal, setBrake } from '../test/ledger-story.ts'
import { buildOperatorActs } from '../test/operator-acts.ts'
import type { OperatorAct } from '../test/operator-acts.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { askAndSignAct, enrol } from '../test/passkey-story.ts'
import { recordAudit } from './record-audit.ts'

// Each refusal of a log that is slow takes as long as patience lasts.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const onServer = Boolean(process.env['TEST_DATABASE_URL'])
const changing = [...executorRoutes, ...operatorRoutes, ...consoleOnlyRoutes].filter(({ method }) => method !== 'GET')

/** What is no entry of the audit log: the reports of runs, leases, nonces, queries that people keep, and a person who shows who they are; the console keeps that one's entry. */
const goesOn: ReadonlySet<string> = new Set([
  'startRun',
  'updatePhaseStatus',
  'heartbeatRun',
  'recordUsage',
  'putArtifact',
  'heartbeatExternalAction',
  'createChallenge',
  'createSignInChallenge',
  'verifyPasskeySignIn',
  'saveAuditQuery',
  'removeAuditQuery',
  // Reads, although its token comes in a body.
  'readOperatorInvite',
  // The one act that must work (I-19).
  'engageBrake',
])
/** Refused for a reason of their own, before anything would be written. */
const refusedBefore: Readonly<Record<string, string>> = { createFirstOperator: '409 setup_closed' }

let deps: TestDeps
beforeAll(async () => {
  // A lock is waited for in this file alone, and only where a test holds it.
  deps = await openTestDeps({ ceiling: everythingOn, patience: { lockMs: 300, statementMs: 2_000 } })
})
afterAll(() => deps.close())

type Lost = { mend: () => Promise<void> }
type Way = { name: string; lose: () => Promise<Lost> }

const run = async (...statements: string[]) => {
  for (const statement of statements) await deps.ownerDb.execute(sql.raw(statement))
}
const trigger = (body: string) => [
  `CREATE FUNCTION control_plane.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$`,
  'CREATE TRIGGER broken BEFORE INSERT ON control_plane.audit_event FOR EACH ROW EXECUTE FUNCTION control_plane.broken()',
]
const untrigger = ['DROP TRIGGER broken ON control_plane.audit_event', 'DROP FUNCTION control_plane.broken()']

/** As PostgreSQL says it when a write to the table finds no room. */
const saysFull: Way = {
  name: 'says that its disk is full',
  async lose() {
    await run(...trigger(`RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';`))
    return { mend: () => run(...untrigger) }
  },
}

/** The log on a file system of its own, which is full to the last byte of the table's last page; as root only, who may mount one. */
const isFull: Way = {
  name: 'is on a disk that is full',
  async lose() {
    const folder = mkdtempSync(join(tmpdir(), 'audit-disk-'))
    const data = await deps.ownerDb.execute(sql`SELECT current_setting('data_directory') AS folder`)
    const { uid, gid } = statSync((data.rows[0] as { folder: string }).folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=0755', 'tmpfs', folder])
    const space = join(folder, 'space')
    mkdirSync(space, { mode: 0o700 })
    for (const path of [folder, space]) chownSync(path, uid, gid)
    const name = `full_${Date.now()}`
    await run(`CREATE TABLESPACE ${name} LOCATION '${space}'`, `ALTER TABLE control_plane.audit_event SET TABLESPACE ${name}`)
    // Or a long event, whose text lies compressed or in another table, takes less of a page than the smallest.
    await run('ALTER TABLE control_plane.audit_event ALTER COLUMN event SET STORAGE PLAIN')
    const filling = join(folder, 'filling')
    fillDisk(filling)
    // What still fits into the last page is written, until nothing fits any more, however small.
    for (let written = true; written;) written = await appendSmallest()
    return {
      async mend() {
        rmSync(filling)
        await run('ALTER TABLE control_plane.audit_event ALTER COLUMN event SET STORAGE EXTENDED')
        await run('ALTER TABLE control_plane.audit_event SET TABLESPACE pg_default', `DROP TABLESPACE ${name}`)
        execFileSync('umount', [folder])
        rmSync(folder, { recursive: true })
      },
    }
  },
}

function fillDisk(file: string): void {
  for (let bytes = 1 << 20; bytes >= 512;) {
    try {
      writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      bytes /= 2
    }
  }
}

async function appendSmallest(): Promise<boolean> {
  const smallest = { event_type: 'request.refused', result_status: 'refused', error_code: 'x' } as const
  return deps.ownerDb
    .transaction((tx) => recordAudit(tx, { kind: 'system', name: 'x' }, smallest, { requestId: null }))
    .then(
      () => true,
      () => false,
    )
}

const isRevoked: Way = {
  name: 'takes nothing from this role any more',
  async lose() {
    await run(`REVOKE INSERT ON control_plane.audit_event FROM ${databaseRoles.application}`)
    return {
      mend: () =>
        run(`GRANT INSERT (seq, prev, hash, event, executor_id, owner_operator_id) ON control_plane.audit_event TO ${databaseRoles.application}`),
    }
  },
}

const isLocked: Way = {
  name: 'is held by somebody who does not let go',
  async lose() {
    const holder = new pg.Client({ connectionString: deps.ownerUrl! })
    await holder.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM control_plane.audit_head FOR UPDATE')
    return {
      async mend() {
        await holder.query('ROLLBACK')
        await holder.end()
      },
    }
  },
}

const hangs: Way = {
  name: 'hangs in every write',
  async lose() {
    await run(...trigger('PERFORM pg_sleep(600); RETURN NEW;'))
    return { mend: () => run(...untrigger) }
  },
}

const mayMount = onServer && process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/proc/mounts')
const ways: Way[] = [saysFull, ...(mayMount ? [isFull] : []), ...(onServer ? [isRevoked, isLocked] : [])]

/** Every row of every table, but for what says that somebody asked: spent assertions, and when people and keys were last heard of. */
async function readTables(): Promise<Record<string, string>> {
  const tables = await deps.ownerDb.execute(
    sql`SELECT relname AS name FROM pg_class WHERE relnamespace = 'control_plane'::regnamespace AND relkind = 'r'
      AND relname NOT IN ('used_assertion', 'operator_seen') ORDER BY relname`,
  )
  const rows: Record<string, string> = {}
  for (const { name } of tables.rows as { name: string }[]) {
    const found = await deps.ownerDb.execute(
      sql`SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '' ORDER BY line)), '') AS digest
        FROM (SELECT (to_jsonb(it) - 'last_used_at')::text AS line FROM control_plane.${sql.identifier(name)} AS it) AS lines`,
    )
    rows[name] = (found.rows[0] as { digest: string }).digest
  }
  return rows
}

async function prepareActs(): Promise<Map<string, PreparedAct>> {
  const admin = deps.asOperator('admin')
  const reason = 'As at the start.'
  await setBrake(deps, false)
  await expectStatus(await admin.post('/operator/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: true, reason }), 200)
  const acts = new Map<string, PreparedAct>()
  const others = { ...buildExecutorActs(deps), ...buildConsoleActs(deps) }
  const ofPeople = buildOperatorActs(deps)
  for (const { id } of changing) {
    const prepare = others[id]
    if (prepare) acts.set(id, await prepare())
    if (ofPeople[id] === undefined) continue
    const { target, body, who = 'admin' } = await (instead[id] ?? ofPeople[id].free ?? ofPeople[id].asking)!()
    acts.set(id, () => deps.asOperator(who).post(target, body))
  }
  return acts
}

/** Brakes over everything would refuse the other acts; and an act that lacks a signature is refused for that. */
const instead: Readonly<Record<string, () => Promise<OperatorAct>>> = {
  engageBrake: async () => engage('elsewhere'),
  releaseBrake: async () => {
    const { target, body, who } = engage('standing')
    const answer = await expectStatus(await deps.asOperator(who!).post(target, body), 200)
    const { brake } = answer as { brake: { brake_id: string } }
    return { target: '/operator/control/brake/release', body: { brake_id: brake.brake_id, reason: 'It was nothing.' } }
  },
  removePasskey: () => removeSigned(),
}

function engage(provider: string): OperatorAct {
  return { who: 'approver', target: '/operator/control/brake', body: { scope: { kind: 'provider', id: provider }, reason: 'It looks wrong.' } }
}

async function removeSigned(): Promise<OperatorAct> {
  const who = await deps.addOperator({ name: `m-${randomUUID().slice(0, 8)}`, role: 'viewer' })
  const first = await enrol(deps, who)
  await enrol(deps, who, { with: first })
  const credential_id = first.credentialId
  const signature = await askAndSignAct(deps, who, first, { purpose: 'passkey_remove', credential_id })
  return { who, target: '/operator/passkeys/remove', body: { credential_id, signature } }
}

async function outcomeOf(answer: Response): Promise<string> {
  const { code } = (await answer.json()) as { code?: string }
  return answer.ok ? 'done' : `${answer.status} ${code}`
}

test('there is an act for every route of the contract that changes something', async () => {
  expect([...(await prepareActs()).keys()].toSorted()).toEqual(changing.map(({ id }) => id).toSorted())
})

describe.each(ways)('while the audit log $name', (way) => {
  it('everything that it would record is refused and changes nothing; reads go on, and afterwards all of it is done as asked (I-22)', async () => {
    const acts = await prepareActs()
    const expected = Object.fromEntries(changing.map(({ id }) => [id, goesOn.has(id) ? 'done' : (refusedBefore[id] ?? '503 audit_unavailable')]))
    const outcomes: Record<string, string> = {}
    const lost = await way.lose()
    try {
      const refused = [...acts].filter(([id]) => !goesOn.has(id))
      const before = await readTables()
      for (const [id, send] of refused) outcomes[id] = await outcomeOf(await send())
      expect(await readTables()).toEqual(before)
      for (const [id, send] of acts) if (goesOn.has(id)) outcomes[id] = await outcomeOf(await send())
      for (const target of ['/operator/control', '/operator/external-actions', '/operator/audit', '/operator/operators/me'])
        expect([target, (await deps.asOperator('viewer').get(target)).status]).toEqual([target, 200])
    } finally {
      await lost.mend()
    }
    expect(outcomes).toEqual(expected)
    const after: Record<string, string> = {}
    for (const [id, send] of acts) if (!goesOn.has(id)) after[id] = await outcomeOf(await send())
    expect(after).toEqual(Object.fromEntries(changing.filter(({ id }) => !goesOn.has(id)).map(({ id }) => [id, refusedBefore[id] ?? 'done'])))
  })

  it('the brake is engaged at once, stops every claim, and is the first entry when the log is back (I-19)', async () => {
    await setBrake(deps, false)
    const approved = await proposeApproved(deps)
    const lost = await way.lose()
    let brakeId: string
    try {
      const begun = Date.now()
      const scope = { kind: 'all', id: '' }
      const answer = await deps.asOperator('approver').post('/operator/control/brake', { scope, reason: 'It looks wrong.' })
      expect(Date.now() - begun).toBeLessThan(6_000)
      const { brake } = (await expectStatus(answer, 200)) as { brake: { brake_id: string; audited: boolean } }
      expect(brake.audited).toBe(false)
      brakeId = brake.brake_id
      expect(((await (await deps.asOperator('viewer').get('/operator/control')).json()) as Control).brake_engaged).toBe(true)
    } finally {
      await lost.mend()
    }
    const last = await deps.ownerDb.execute(sql`SELECT seq FROM control_plane.audit_head`)
    expect(await outcomeOf(await sendClaim(deps, approved))).toBe('409 brake_engaged')
    const events = await deps.ownerDb.execute(
      sql`SELECT event FROM control_plane.audit_event WHERE seq > ${(last.rows[0] as { seq: string | number }).seq} ORDER BY seq`,
    )
    const [first, second] = events.rows.map((row) => JSON.parse((row as { event: string }).event) as AuditEvent)
    expect(first).toMatchObject({ event_type: 'control.brake_engaged', approval_ref: { id: brakeId } })
    expect(second).toMatchObject({ error_code: 'brake_engaged' })
    await setBrake(deps, false)
  })
})

// On the embedded database everybody shares one connection: whoever hangs there holds back the whole process, and nothing can end it.
if (onServer) {
  it('a log that hangs in every write holds nobody back for longer than a statement may take, and the brake for three seconds', async () => {
    await setBrake(deps, false)
    const approved = await proposeApproved(deps)
    const lost = await hangs.lose()
    try {
      const before = await readTables()
      expect(await outcomeOf(await sendClaim(deps, approved))).toBe('503 audit_unavailable')
      expect(await outcomeOf(await sendProposal(deps))).toBe('503 audit_unavailable')
      expect(await readTables()).toEqual(before)
      expect((await deps.asOperator('viewer').get('/operator/control')).status).toBe(200)
      const begun = Date.now()
      const body = { scope: { kind: 'all', id: '' }, reason: 'It looks wrong.' }
      expect(await outcomeOf(await deps.asOperator('approver').post('/operator/control/brake', body))).toBe('done')
      expect(Date.now() - begun).toBeLessThan(5_000)
    } finally {
      await lost.mend()
    }
    expect(await outcomeOf(await sendClaim(deps, approved))).toBe('409 brake_engaged')
    await setBrake(deps, false)
    await propose(deps)
  })

  it.each(['hangs in every write', 'is held by somebody'])('where the log %s, the brake waits for nobody who waits for it (I-19)', async (how) => {
    const patient = await openTestDeps({ ceiling: everythingOn })
    const owner = new pg.Client({ connectionString: patient.ownerUrl! })
    const begin =
      how === 'is held by somebody' ? ['BEGIN', 'SELECT FROM control_plane.audit_head FOR UPDATE'] : trigger('PERFORM pg_sleep(600); RETURN NEW;')
    try {
      const approved = await proposeApproved(patient)
      await owner.connect()
      for (const statement of begin) await owner.query(statement)
      // One holds the control row while it waits for the log; the others, of whom there are more than connections, just wait.
      const claimed = sendClaim(patient, approved)
      const proposed = Array.from({ length: 24 }, () => sendProposal(patient))
      await vi.waitUntil(async () => Number((await patient.ownerDb.execute(sql.raw(waitingForLog))).rows[0]!['waiting']) >= 5, { timeout: 10_000 })
      const begun = Date.now()
      const body = { scope: { kind: 'all', id: '' }, reason: 'It looks wrong.' }
      expect(await outcomeOf(await patient.asOperator('approver').post('/operator/control/brake', body))).toBe('done')
      // Whoever waits for the log gives the control row back after four seconds, and the brake waits three for the log; the console waits ten.
      expect(Date.now() - begun).toBeLessThan(8_500)
      const outcomes = await Promise.all([claimed, ...proposed].map(async (answer) => outcomeOf(await answer)))
      expect(outcomes.filter((outcome) => !/^503 (audit|db)_unavailable$/.test(outcome))).toEqual([])
    } finally {
      await owner.end()
      for (const statement of how === 'is held by somebody' ? [] : untrigger) await patient.ownerDb.execute(sql.raw(statement))
      await patient.close()
    }
  })
}

/** Connections of this database in the middle of a statement that does not end. */
const waitingForLog = `SELECT count(*)::int AS waiting FROM pg_stat_activity
  WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
    AND (wait_event_type = 'Lock' OR wait_event = 'PgSleep')`
