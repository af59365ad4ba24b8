/** The proving is itself proved: with guards that are none, and with one that is. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findLaterForm } from './find-later-form.ts'
import type { Guard } from './guard.ts'
import { guards } from './guards.ts'
import { proveGuards } from './prove-guards.ts'
import { removeGuard } from './remove-guard.ts'

const file = 'apps/control-plane/src/features/external-actions/can-decide.ts'
const brake: Guard = {
  name: 'brake',
  protects: 'Nothing is approved while the brake is engaged.',
  file,
  remove: "if (facts.brake !== null) return refuse('brake_engaged'",
  put: "if (facts.brake === '') return refuse('brake_engaged'",
  test: { file: file.replace('.ts', '.test.ts'), name: 'canDecide > answers for the brake' },
}
const comment: Guard = { ...brake, name: 'a comment', remove: '/** By the database clock. */', put: '/** By whatever clock. */' }
const syntax: Guard = { ...brake, name: 'a syntax error', put: 'if (((' }
const crash: Guard = {
  ...brake,
  name: 'a crash',
  put: "if (facts.brake !== null) throw new Error('gone')\n  if (facts.brake === '') return refuse('brake_engaged'",
}

test('a guard that is none survives, a guard that is one is killed, and a file that breaks or a test that falls over is no proof', async () => {
  const told: string[] = []
  const proofs = await proveGuards([comment, brake, syntax, crash], ({ guard }) => told.push(guard.name))
  const found = Object.fromEntries(proofs.map(({ guard, killed, why }) => [guard.name, { killed, why }]))
  expect(found).toEqual({
    'a comment': { killed: false, why: 'the test still passes' },
    brake: { killed: true, why: expect.stringMatching(/^AssertionError: expected \{ approve: 'yes'/) },
    'a syntax error': { killed: false, why: expect.stringMatching(/^proves nothing: /) },
    'a crash': { killed: false, why: 'proves nothing: Error: gone' },
  })
  expect(told.toSorted()).toEqual(['a comment', 'a crash', 'a syntax error', 'brake'])
}, 90_000)

test('a test that does not pass with every guard in place stops everything before anything is removed', async () => {
  const misnamed = { ...brake, test: { ...brake.test, name: 'canDecide > is not there' } }
  await expect(proveGuards([misnamed], () => undefined)).rejects.toThrow(/with every guard in place, .*is not there must pass, and does not/)
}, 90_000)

test('a guard whose text is gone, or is there twice, is said to have moved', () => {
  expect(() => removeGuard('other code', { ...brake, remove: 'guard()' })).toThrow(/the guard brake moved: its text is not there/)
  expect(() => removeGuard('guard()\nguard()', { ...brake, remove: 'guard()' })).toThrow(/its text is there 2 times/)
  expect(() => removeGuard('guard()', { ...brake, remove: 'guard()', put: 'guard()' })).toThrow(/is not taken away/)
  expect(removeGuard('a $& b', { ...brake, remove: '$&', put: '$1' })).toBe('a $1 b')
})

test('every guard is where it is said to be', () => {
  for (const guard of guards) expect(() => removeGuard(readFileSync(guard.file, 'utf8'), guard)).not.toThrow()
})

test('a guard of the database stands in the form of its function that is in force', () => {
  const folder = 'apps/control-plane/src/db/migrations'
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  const migrations = names.toSorted().map((name) => ({ file: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') }))
  const moved = guards.map((guard) => [guard.name, findLaterForm(migrations, guard)]).filter(([, later]) => later !== null)
  expect(moved).toEqual([])
  const form = (body: string) => `CREATE OR REPLACE FUNCTION control_plane.look() RETURNS trigger AS $$ ${body} $$ LANGUAGE plpgsql;`
  const twice = [
    { file: '0001.sql', text: form('IF a THEN') },
    { file: '0002.sql', text: form('IF a AND b THEN') },
  ]
  expect(findLaterForm(twice, { file: '0001.sql', remove: 'IF a' })).toBe('0002.sql')
  expect(findLaterForm(twice, { file: '0002.sql', remove: 'IF a' })).toBeNull()
})

test('every guard has a name of its own and says which invariant or rule it keeps', () => {
  expect(new Set(guards.map(({ name }) => name)).size).toBe(guards.length)
  for (const { name, protects } of guards)
    expect([name, protects]).toEqual([name, expect.stringMatching(/\((I-\d|security: |safety: |artifacts: |stack: |[a-z]{2,3}\))/)])
})
