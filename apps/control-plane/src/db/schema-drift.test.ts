import { readdirSync } from 'node:fs'
import { listSchemaDrift } from '@autopack/server-kit/schema-drift'
import { sql } from 'drizzle-orm'
import { boolean, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

let deps: TestDeps
let modules: Record<string, unknown>[]
beforeAll(async () => {
  deps = await openTestDeps()
  const names = readdirSync(import.meta.dirname).flatMap((file) => /^(.*)-tables\.ts$/.exec(file)?.[1] ?? [])
  modules = await Promise.all(names.map((name) => import(`./${name}-tables.ts`) as Promise<Record<string, unknown>>))
})
afterAll(() => deps.close())

test('every table is described in code as the migrations make it: columns, types and what may be null', async () => {
  expect(await listSchemaDrift(deps.db, 'control_plane', modules)).toEqual([])
})

test('a difference in either is found', async () => {
  const wrong = controlPlaneSchema.table('planted', { here: text('here'), missing: boolean('missing'), kind: boolean('kind').notNull() })
  await deps.ownerDb.execute(sql`CREATE TABLE control_plane.planted (here text NOT NULL, kind text NOT NULL, more text NOT NULL)`)
  await deps.ownerDb.execute(sql`CREATE TABLE control_plane.forgotten (id integer)`)
  expect(await listSchemaDrift(deps.db, 'control_plane', [...modules, { wrong }])).toEqual([
    'forgotten: no code describes this table',
    'planted.here: the code says text, the database text not null',
    'planted.kind: the code says boolean not null, the database text not null',
    'planted.missing: the code says boolean, the database has no such column',
    'planted.more: needs a value, and no code describes it',
  ])
})
