import { listSchemaDrift } from '@autopack/server-kit/schema-drift'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../test/open-test-database.ts'
import * as tables from './bff-tables.ts'

test('every table is described in code as the migrations make it: columns, types and what may be null', async () => {
  const database = await openTestDatabase()
  try {
    expect(await listSchemaDrift(database.db, 'bff', [tables])).toEqual([])
  } finally {
    await database.close()
  }
})
