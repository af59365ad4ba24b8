import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { embeddedExtensions } from '@autopack/server-kit/open-database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrationsFolder } from './migrations-folder.ts'

/** The last database in which a brake was a column of the control row. */
const before = ['0000_people_audit_events', '0001_runs_artifacts', '0002_ledger', '0003_artifact_secrecy', '0004_set_up']
const brakeMigration = '0005_control_and_proof'

let client: PGlite
beforeEach(async () => {
  client = await PGlite.create({ extensions: embeddedExtensions })
  for (const name of before) await apply(name)
})
afterEach(() => client.close())

async function apply(name: string): Promise<void> {
  for (const statement of readFileSync(join(migrationsFolder, `${name}.sql`), 'utf8').split('--> statement-breakpoint')) await client.exec(statement)
}
async function addOperator(digit: string, role: string): Promise<string> {
  const id = `op_${digit.repeat(8)}-0000-4000-8000-000000000000`
  await client.query('INSERT INTO control_plane.operator (operator_id, name, role) VALUES ($1, $1, $2)', [id, role])
  return id
}
const engageByHand = () => client.exec('UPDATE control_plane.control SET brake_engaged = true')
const listBrakes = async () => (await client.query('SELECT scope_kind, scope_id, engaged_by, audited, released_at FROM control_plane.brake')).rows

test('a brake that was engaged before brakes had a record stays engaged, by the first admin', async () => {
  await addOperator('1', 'approver')
  const admin = await addOperator('2', 'admin')
  await addOperator('3', 'admin')
  await engageByHand()
  await apply(brakeMigration)
  expect(await listBrakes()).toEqual([{ scope_kind: 'all', scope_id: '', engaged_by: admin, audited: false, released_at: null }])
})

test('it stays engaged where there is no admin, by whoever there is', async () => {
  const only = await addOperator('1', 'viewer')
  await engageByHand()
  await apply(brakeMigration)
  expect(await listBrakes()).toMatchObject([{ scope_kind: 'all', engaged_by: only, released_at: null }])
})

test('a brake that was not engaged is none afterwards', async () => {
  await addOperator('1', 'admin')
  await apply(brakeMigration)
  expect(await listBrakes()).toEqual([])
})
