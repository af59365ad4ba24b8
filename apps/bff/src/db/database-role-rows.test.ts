import { expect, test } from 'vitest'
import { openTestDatabase } from '../test/open-test-database.ts'
import { findDangerousRole } from './database-role-rows.ts'

test('a superuser is refused, and an ordinary role is not', async () => {
  const database = await openTestDatabase()
  try {
    expect(await findDangerousRole(database.db)).toBe('must not be a superuser in production')
    const role = `ordinary_${crypto.randomUUID().replaceAll('-', '')}`
    await database.db.transaction(async (tx) => {
      await tx.execute(`CREATE ROLE ${role}`)
      await tx.execute(`SET LOCAL ROLE ${role}`)
      expect(await findDangerousRole(tx)).toBeNull()
      await tx.execute('RESET ROLE')
      await tx.execute(`DROP ROLE ${role}`)
    })
  } finally {
    await database.close()
  }
})
