import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPasswordHasher } from '../../shared/password-hash.ts'
import { openTestDatabase } from '../../test/open-test-database.ts'
import { cheapPasswordCost } from '../../test/start-test-bff.ts'
import { insertDemoOperators } from './insert-demo-operators.ts'

test('the admin of another data folder is refused with what to do about it, and the one who is there stays', async () => {
  const database = await openTestDatabase()
  try {
    const passwords = await createPasswordHasher(cheapPasswordCost)
    const create = () => ({ operator_id: `op_${randomUUID()}`, name: 'admin', password: randomUUID() })
    const first = create()
    expect(await insertDemoOperators(database.db, passwords, [first], new Date())).toEqual([])
    await expect(insertDemoOperators(database.db, passwords, [create()], new Date())).rejects.toThrow(
      /^AUTOPACK_DEMO_FILE: somebody else is called admin here already; start with the data folder .* or with an empty database/,
    )
    expect(await insertDemoOperators(database.db, passwords, [first], new Date())).toEqual([])
  } finally {
    await database.close()
  }
})
