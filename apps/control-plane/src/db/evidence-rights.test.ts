/**
 * What the application may do in its database, table by table; and everything somebody could try with its connection to rewrite evidence
 * (safety.md, I-21). On PostgreSQL it is refused for want of a right, before any trigger; the embedded database has triggers alone.
 */
import type { Transaction } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import {
  everythingOn,
  expectStatus,
  propose,
  sendClaim,
  sendDecision,
  sendFinish,
  sendObservation,
  sendResolution,
  toApproval,
  toSentSha256,
} from '../test/ledger-story.ts'
import type { Claim } from '../test/ledger-story.ts'
import { writeCheckpointRows } from '../test/checkpoint-story.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { openAsApplication } from '../test/open-as-application.ts'
import type { AsApplication } from '../test/open-as-application.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { signApproval } from '../test/passkey-story.ts'
import type { SaidApproval } from '../test/passkey-story.ts'
import { askApproval, decideAsked } from '../test/request-story.ts'
import { applyApplicationRights } from './apply-application-rights.ts'
import { applicationRights, evidenceTables } from './application-rights.ts'
import { databaseRoles } from './database-roles.ts'
import { findEvidenceProblems } from './find-evidence-problems.ts'
import { listRightsDrift } from './list-rights-drift.ts'

const onServer = Boolean(process.env['TEST_DATABASE_URL'])
const { owner, migrator, application } = databaseRoles

let deps: TestDeps
let asApplication: AsApplication
/** Per evidence table, how many rows there are and what is in them. */
let written: Record<string, { rows: number; digest: string }>

beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
  asApplication = await openAsApplication(deps)
  await writeEvidence()
  written = await readEvidence()
})
afterAll(() => deps.close())

/** A row in every table: an action that was approved, executed and looked at, one that nobody knew about, a question, and what was signed of the log. */
async function writeEvidence(): Promise<void> {
  const done = await claimOne()
  const sent = { outcome: 'completed', sent: 'yes', sent_sha256: toSentSha256(done.payload), external_object_id: 'listing-1' }
  await expectStatus(await sendFinish(deps, done.claim, sent), 200)
  await expectStatus(await sendObservation(deps, done.claim, null, { detail: 'The shop did not answer.' }), 200)
  const unknown = await claimOne()
  await expectStatus(await sendFinish(deps, unknown.claim, { outcome: 'unknown', sent: 'unknown' }), 200)
  await expectStatus(await sendResolution(deps, 'approver', unknown.claim, {}), 200)
  await expectStatus(await decideAsked(deps, 'approver', await askApproval(deps)), 200)
  await writeCheckpointRows(deps.db)
}

async function claimOne(): Promise<{ claim: Claim; payload: string }> {
  const action = await propose(deps)
  const body = toApproval(action) as SaidApproval
  await expectStatus(await sendDecision(deps, 'approver', action, { ...body, signature: await signApproval(deps, 'approver', action, body) }), 200)
  return { claim: (await expectStatus(await sendClaim(deps, action), 201)) as Claim, payload: action.payload }
}

async function readEvidence(): Promise<typeof written> {
  const found: typeof written = {}
  for (const table of evidenceTables) {
    const { rows } = await deps.ownerDb.execute(
      sql`SELECT count(*)::int AS rows, coalesce(md5(string_agg(it::text, '' ORDER BY it::text)), '') AS digest FROM ${inSchema(table)} AS it`,
    )
    found[table] = rows[0] as { rows: number; digest: string }
  }
  return found
}

function inSchema(name: string): SQL {
  return sql`control_plane.${sql.identifier(name)}`
}

/** How the database refuses: SQLSTATE and words; null when it does not. */
async function refusalOf(act: () => Promise<unknown>): Promise<{ code: string; says: string } | null> {
  try {
    await act()
    return null
  } catch (error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      const { code } = at as { code?: unknown }
      if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return { code, says: at.message }
    }
    throw error
  }
}

/** Not by a trigger, whose words are others: for want of a right. */
const forWantOfARight = {
  code: '42501',
  says: expect.stringMatching(/^(permission denied|must (be|have) |Only roles with |role ".+" cannot be |cannot )/) as string,
}

async function expectRefused(statement: SQL): Promise<void> {
  expect(await refusalOf(() => asApplication((tx) => tx.execute(statement)))).toEqual(forWantOfARight)
  expect(await readEvidence()).toEqual(written)
}

describe('the rights of the application', () => {
  test('are those that are said, on every table, column, sequence and function, and no others', async () => {
    expect(await listRightsDrift(deps.ownerDb, application)).toEqual([])
  })

  test('are said for every table: one without a word, a right too many and one too few are found', async () => {
    const found = await refusalOf(() =>
      deps.ownerDb.transaction(async (tx) => {
        await tx.execute(sql`CREATE TABLE control_plane.planted (id integer)`)
        await tx.execute(sql.raw(`GRANT UPDATE (reason) ON control_plane.decision TO ${application}`))
        await tx.execute(sql.raw(`GRANT TRUNCATE ON control_plane.audit_event TO ${application}`))
        await tx.execute(sql.raw(`GRANT EXECUTE ON FUNCTION control_plane.advance_audit_head() TO ${application}`))
        await tx.execute(sql.raw(`GRANT CREATE ON SCHEMA control_plane TO ${application}`))
        await tx.execute(sql.raw(`REVOKE INSERT ON control_plane.event FROM ${application}`))
        expect(await listRightsDrift(tx, application)).toEqual([
          'CREATE on the schema: is not said',
          'EXECUTE on advance_audit_head: is not said',
          'INSERT on event: is missing',
          'TRUNCATE on audit_event: is not said',
          'UPDATE on decision.reason: is not said',
          'the table planted: is not said',
        ])
        await tx.execute(sql.raw(`GRANT ${owner} TO ${application}`))
        expect(await listRightsDrift(tx, application)).toContain(`membership of ${owner}: is not said`)
        throw Object.assign(new Error('not kept'), { code: '00000' })
      }),
    )
    expect(found?.code).toBe('00000')
  })

  test('are given anew with every migration: what somebody granted beside them is gone', async () => {
    await deps.ownerDb.execute(sql.raw(`GRANT UPDATE ON control_plane.decision TO PUBLIC`))
    await deps.ownerDb.execute(sql.raw(`GRANT TRUNCATE, DELETE ON control_plane.audit_event TO ${application}`))
    await deps.ownerDb.execute(sql.raw(`GRANT EXECUTE ON FUNCTION control_plane.advance_audit_head() TO PUBLIC`))
    expect(await listRightsDrift(deps.ownerDb, application)).not.toEqual([])
    await applyApplicationRights(deps.ownerDb)
    expect(await listRightsDrift(deps.ownerDb, application)).toEqual([])
  })

  test('reach further in no function but those with a search path of their own, which nobody may call', async () => {
    const { rows } = await deps.ownerDb.execute(
      sql`SELECT proname AS name, coalesce(array_to_string(proconfig, ', '), '') AS settings FROM pg_proc
        WHERE pronamespace = 'control_plane'::regnamespace AND prosecdef ORDER BY proname`,
    )
    expect(rows.map((row) => (row as { name: string }).name)).toContain('advance_audit_head')
    for (const row of rows) expect(row).toEqual({ name: expect.any(String) as string, settings: 'search_path=pg_catalog, pg_temp' })
  })

  test('a role with rights over evidence is told from one that has those of the application', async () => {
    await asApplication(async (tx) => {
      expect(await findEvidenceProblems(tx)).toEqual({ dangers: [], missing: [], unwritable: [], surplus: [] })
    })
    const { dangers, missing, unwritable } = await findEvidenceProblems(deps.ownerDb)
    // A right over a whole table is one over each of its columns.
    expect([missing, unwritable]).toEqual([[], []])
    expect(dangers).toEqual(
      expect.arrayContaining([
        'the attribute SUPERUSER: is not said',
        'owning the schema: is not said',
        expect.stringMatching(/^owning .*\baudit_event, audit_head, .*: are not said$/),
        expect.stringMatching(/^TRUNCATE on .*\baudit_event, audit_head, .*: are not said$/),
      ]),
    )
  })

  test('are told apart when they are gone: without those to write the log the brake still works, without the others nothing does (I-22)', async () => {
    const found = await refusalOf(() =>
      deps.ownerDb.transaction(async (tx) => {
        await tx.execute(
          sql.raw(`REVOKE INSERT ON control_plane.audit_event, control_plane.audit_checkpoint, control_plane.event FROM ${application}`),
        )
        await tx.execute(sql.raw(`SET LOCAL ROLE ${application}`))
        const { dangers, missing, unwritable } = await findEvidenceProblems(tx)
        expect([dangers, missing]).toEqual([[], ['INSERT on event: is missing']])
        expect(unwritable).toEqual([expect.stringMatching(/^INSERT on .*audit_checkpoint.*audit_event.*: are missing$/)])
        throw Object.assign(new Error('not kept'), { code: '00000' })
      }),
    )
    expect(found?.code).toBe('00000')
  })

  // What somebody grants in a hurry: each right over each table of evidence, the columns of the update one by one.
  test.each(evidenceTables)('over %s are each found, whoever granted them', async (table) => {
    const found = await refusalOf(() =>
      deps.ownerDb.transaction(async (tx) => {
        for (const right of ['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) {
          await tx.execute(sql`SAVEPOINT one`)
          await tx.execute(sql.raw(`GRANT ${right} ON control_plane.${table} TO ${application}`))
          await tx.execute(sql.raw(`SET LOCAL ROLE ${application}`))
          const { dangers } = await findEvidenceProblems(tx)
          expect([right, dangers]).toEqual([right, [expect.stringContaining(`${right} on ${table}`) as string]])
          await tx.execute(sql`ROLLBACK TO SAVEPOINT one`)
        }
        throw Object.assign(new Error('not kept'), { code: '00000' })
      }),
    )
    expect(found?.code).toBe('00000')
  })

  test.each([
    `GRANT EXECUTE ON FUNCTION control_plane.grow_audit_tree() TO ${application}`,
    `GRANT TRIGGER ON control_plane.event TO ${application}`,
    `GRANT UPDATE (public_key) ON control_plane.passkey TO ${application}`,
    `GRANT UPDATE ON control_plane.approval_slot TO ${application}`,
    `GRANT UPDATE (started_by) ON control_plane.run TO ${application}`,
    `GRANT UPDATE (name) ON control_plane.executor TO ${application}`,
    `GRANT INSERT (no) ON control_plane.audit_checkpoint TO ${application}`,
    `ALTER FUNCTION control_plane.refuse_change() OWNER TO ${application}`,
  ])('reach evidence by a way around: %s', async (statement) => {
    const found = await refusalOf(() =>
      deps.ownerDb.transaction(async (tx) => {
        if (statement.startsWith('ALTER')) await tx.execute(sql.raw(`GRANT CREATE ON SCHEMA control_plane TO ${application}`))
        await tx.execute(sql.raw(statement))
        await tx.execute(sql.raw(`SET LOCAL ROLE ${application}`))
        expect((await findEvidenceProblems(tx)).dangers).not.toEqual([])
        throw Object.assign(new Error('not kept'), { code: '00000' })
      }),
    )
    expect(found?.code).toBe('00000')
  })

  test('let nobody change what an append-only trigger keeps, and every such table is evidence', async () => {
    const { rows } = await deps.ownerDb.execute(
      sql`SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname IN ('append_only_row', 'audit_event_append_only', 'audit_head_follows')`,
    )
    const kept = rows.map((row) => (row as { name: string }).name.replace('control_plane.', '')).toSorted()
    expect(kept).toEqual(evidenceTables.toSorted())
    for (const table of kept.filter((name) => name !== 'audit_head')) {
      const { insert, ...rights } = applicationRights[table]!
      // The tree grows by a trigger of the log alone.
      expect([table, insert !== false, rights]).toEqual([table, table !== 'audit_subtree', { update: [], delete: false }])
    }
  })
})

describe.each(evidenceTables)('as the application, %s', (table) => {
  const it_ = inSchema(table)
  const attempts: [what: string, statement: SQL][] = [
    ['is not deleted from', sql`DELETE FROM ${it_}`],
    ['is not emptied', sql`TRUNCATE ${it_} CASCADE`],
    ['keeps its triggers', sql`ALTER TABLE ${it_} DISABLE TRIGGER ALL`],
    ['keeps its user triggers', sql`ALTER TABLE ${it_} DISABLE TRIGGER USER`],
    ['keeps its columns', sql`ALTER TABLE ${it_} ADD COLUMN more text`],
    ['keeps its owner', sql`ALTER TABLE ${it_} OWNER TO ${sql.identifier(application)}`],
    ['keeps its name', sql`ALTER TABLE ${it_} RENAME TO elsewhere`],
    ['keeps its schema', sql`ALTER TABLE ${it_} SET SCHEMA public`],
    ['is not dropped', sql`DROP TABLE ${it_} CASCADE`],
    ['gets no trigger', sql`CREATE TRIGGER planted BEFORE INSERT ON ${it_} FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change()`],
    ['gets no rule', sql`CREATE RULE planted AS ON INSERT TO ${it_} DO INSTEAD NOTHING`],
    ['gets no policy', sql`ALTER TABLE ${it_} ENABLE ROW LEVEL SECURITY`],
    ['is not merged into', sql`MERGE INTO ${it_} AS it USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE`],
    ['is not read from a file', sql`COPY ${it_} FROM '/tmp/planted'`],
    ['is not read from a program', sql`COPY ${it_} FROM PROGRAM 'true'`],
    ['is not written to a program', sql`COPY ${it_} TO PROGRAM 'true'`],
    ['is not locked for others', sql`LOCK TABLE ${it_} IN ACCESS EXCLUSIVE MODE`],
    ['gets no index', sql`CREATE INDEX planted ON ${it_} ((1))`],
  ]
  it.each(attempts)('%s', (_what, statement) => expectRefused(statement))

  it('has no column that an update could set, but the lock of the head, which a trigger keeps', async () => {
    const { rows } = await deps.ownerDb.execute(
      sql`SELECT attname AS name FROM pg_attribute WHERE attrelid = ${`control_plane.${table}`}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''`,
    )
    for (const { name } of rows as { name: string }[]) {
      const column = sql.identifier(name)
      const refusal = await refusalOf(() => asApplication((tx) => tx.execute(sql`UPDATE ${it_} SET ${column} = ${column}`)))
      if (table === 'audit_head' && name === 'id')
        expect(refusal).toMatchObject({ code: '23001', says: expect.stringContaining('follows audit_event') as string })
      else expect([name, refusal]).toEqual([name, forWantOfARight])
    }
    expect(await readEvidence()).toEqual(written)
  })

  it('has rows, and on a connection with every right it is a trigger that refuses', async () => {
    expect(written[table]!.rows).toBeGreaterThan(0)
    const first = await deps.ownerDb.execute(
      sql`SELECT attname AS name FROM pg_attribute WHERE attrelid = ${`control_plane.${table}`}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = '' LIMIT 1`,
    )
    const column = sql.identifier((first.rows[0] as { name: string }).name)
    for (const statement of [sql`UPDATE ${it_} SET ${column} = ${column}`, sql`DELETE FROM ${it_}`, sql`TRUNCATE ${it_} CASCADE`]) {
      const refusal = await refusalOf(() => deps.ownerDb.execute(statement))
      expect(refusal?.says).toMatch(/append-only|follows audit_event|kept/)
    }
    expect(await readEvidence()).toEqual(written)
  })
})

describe('as the application', () => {
  const attempts: [what: string, statement: SQL][] = [
    ['the head is not moved by hand', sql`UPDATE control_plane.audit_head SET seq = seq - 1`],
    ['the hash of the head is not changed', sql`UPDATE control_plane.audit_head SET hash = sha256('x')`],
    ['the latest moment is not set back', sql`UPDATE control_plane.audit_head SET latest_at = NULL`],
    ['no second head is made', sql`INSERT INTO control_plane.audit_head (id, seq, hash) VALUES (2, 0, sha256('x'))`],
    [
      'an event does not give way to another',
      sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event) SELECT seq, prev, hash, event FROM control_plane.audit_event LIMIT 1
      ON CONFLICT (seq) DO UPDATE SET event = excluded.event`,
    ],
    [
      'no checkpoint is written under a number of one’s own, behind which none would stop anything again',
      sql`INSERT INTO control_plane.audit_checkpoint (no, size, head, root, signed_at, key_id, note) OVERRIDING SYSTEM VALUE
        SELECT 9000000000000000, size, head, root, signed_at, key_id, note || 'x' FROM control_plane.audit_checkpoint LIMIT 1`,
    ],
    [
      'nobody says how the log stands to a checkpoint',
      sql`INSERT INTO control_plane.audit_checkpoint (size, head, root, signed_at, key_id, note, standing)
        SELECT size, head, root, signed_at, key_id, note || 'x', 'holds' FROM control_plane.audit_checkpoint LIMIT 1`,
    ],
    [
      'nobody says which checkpoints are given up',
      sql`INSERT INTO control_plane.audit_restore (through_no, event_seq) SELECT max(no), 1 FROM control_plane.audit_checkpoint`,
    ],
    ['a decision is not locked for a change', sql`SELECT 1 FROM control_plane.decision FOR UPDATE`],
    ['triggers are not switched off for the session', sql`SET session_replication_role = replica`],
    ['nor by a function', sql`SELECT set_config('session_replication_role', 'replica', true)`],
    ['nor for every session of the role', sql.raw(`ALTER ROLE ${application} SET session_replication_role = 'replica'`)],
    ['nor in the catalog', sql`UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'`],
    ['nor one by one', sql`DROP TRIGGER audit_event_append_only ON control_plane.audit_event`],
    ['the owner of a table is not changed in the catalog', sql`UPDATE pg_catalog.pg_class SET relowner = 10`],
    [
      'no function of a trigger is replaced',
      sql.raw(`CREATE OR REPLACE FUNCTION control_plane.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`),
    ],
    [
      'the function that moves the head is not replaced',
      sql.raw(`CREATE OR REPLACE FUNCTION control_plane.advance_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`),
    ],
    ['it keeps the rights it runs with', sql`ALTER FUNCTION control_plane.advance_audit_head() SECURITY INVOKER`],
    ['it is not dropped', sql`DROP FUNCTION control_plane.advance_audit_head() CASCADE`],
    ['it is not called', sql`SELECT control_plane.advance_audit_head()`],
    [
      'no function is made that would run with other rights',
      sql.raw(`CREATE FUNCTION control_plane.planted() RETURNS void LANGUAGE sql SECURITY DEFINER AS ''`),
    ],
    ['no table is made in the schema', sql`CREATE TABLE control_plane.planted (id integer)`],
    ['no table is made in another schema', sql`CREATE TABLE public.planted (id integer)`],
    [
      'no table is made for the session, behind which the head could be moved',
      sql`CREATE TEMPORARY TABLE planted (seq bigint, prev bytea, hash bytea, event_type text, at timestamptz)`,
    ],
    ['no schema is made', sql`CREATE SCHEMA planted`],
    ['no view is made', sql`CREATE VIEW control_plane.planted AS SELECT 1`],
    ['no extension is made', sql`CREATE EXTENSION pg_trgm SCHEMA control_plane CASCADE`],
    ['no watcher of commands is made', sql`CREATE EVENT TRIGGER planted ON ddl_command_start EXECUTE FUNCTION control_plane.refuse_change()`],
    ['the schema is not dropped', sql`DROP SCHEMA control_plane CASCADE`],
    ['the role gets no more attributes', sql.raw(`ALTER ROLE ${application} SUPERUSER`)],
    ['the role does not become a member of the owner', sql.raw(`GRANT ${owner} TO ${application}`)],
    ['no role is made', sql`CREATE ROLE planted`],
    ['no file of the server is read', sql`SELECT pg_read_file('PG_VERSION')`],
    [
      'no session of another role is ended',
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IS DISTINCT FROM current_user LIMIT 1`,
    ],
    ['no other program of the server is made to run', sql.raw(`DO $$ BEGIN EXECUTE 'COPY control_plane.audit_event FROM PROGRAM ''true'''; END $$`)],
  ]
  // One session alone on the embedded database: there is no other to end, and an extension that is there is answered as such.
  const needServer = new Set(['no session of another role is ended'])
  it.each(attempts.filter(([what]) => onServer || !needServer.has(what)))('%s', async (what, statement) => {
    if (what === 'no extension is made') {
      expect(['42501', '42710']).toContain((await refusalOf(() => asApplication((tx) => tx.execute(statement))))?.code)
      return
    }
    await expectRefused(statement)
  })

  it('a right that it has cannot be passed on: nobody else gets one', async () => {
    await asApplication((tx) => tx.execute(sql`GRANT SELECT ON control_plane.audit_event TO PUBLIC`))
    expect(await listRightsDrift(deps.ownerDb, application)).toEqual([])
  })

  it('an event is added, and a trigger moves the head for it', async () => {
    const added = asApplication((tx) =>
      recordAudit(
        tx as Transaction,
        { kind: 'system', name: 'x' },
        { event_type: 'request.refused', result_status: 'refused', error_code: 'x' },
        { requestId: null },
      ),
    )
    await expect(added).resolves.toBeUndefined()
  })

  it('adding goes on: an action is approved, executed and recorded with these rights alone', async () => {
    await claimOne()
    const now = await readEvidence()
    for (const table of ['audit_event', 'decision', 'execution', 'signed_act', 'action_authorization'])
      expect(now[table]!.rows).toBeGreaterThan(written[table]!.rows)
    written = now
  })
})

// Only a server has sessions of the application's own.
if (onServer) {
  describe('as the application, for its session', () => {
    it('triggers are not switched off for the server', async () => {
      expect(await refusalOf(() => deps.db.execute(sql`ALTER SYSTEM SET session_replication_role = 'replica'`))).toEqual(forWantOfARight)
    })

    it.each([owner, migrator, 'pg_write_all_data', 'pg_execute_server_program'])('the role %s is not taken on', async (role) => {
      await expectRefused(sql`SET ROLE ${sql.identifier(role)}`)
      await expectRefused(sql`SET SESSION AUTHORIZATION ${sql.identifier(role)}`)
    })
  })
}
