import { foldName } from '@autopack/server-kit/fold-name'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { spellingsOfApprover } from '../test/spellings-of-approver.ts'
import { isInitiator } from './is-initiator.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const person = { operator_id: 'op_1b2c', name: 'approver' }
async function askDatabase(startedBy: string | null): Promise<boolean> {
  const found = await deps.db.execute(sql`SELECT control_plane.is_initiator(${startedBy}::text, ${person.operator_id}, ${person.name}) AS own`)
  return (found.rows[0] as { own: boolean }).own
}

describe('who asked for a run', () => {
  it.each([...spellingsOfApprover, 'op_1b2c', 'OP_1B2C ', '\u2066approver\u2069', 'ap\u00adprover\u3000'])(
    'is found however their id or name is written: %j',
    async (startedBy) => {
      expect([isInitiator(person, startedBy), await askDatabase(startedBy)]).toEqual([true, true])
    },
  )

  it.each([null, '', ' ', '\u200b', 'approver2', 'app rover', 'an approver', 'op_1b2', 'аpprover'])('is nobody else: %j', async (startedBy) => {
    expect([isInitiator(person, startedBy), await askDatabase(startedBy)]).toEqual([false, false])
  })

  it('is compared by the database as by the application', async () => {
    const names = ['Élodie Ñandú', 'ΩМЕГА', 'ﬁn', 'Ⅷ', '½', 'e\u200d\u0301', '\t x\u2003', 'a\u00a0b', 'ß', '张伟', 'ｶﾞ', '\u1680z\u2028']
    for (const name of names) {
      const found = await deps.db.execute(sql`SELECT control_plane.fold_name(${name}) AS folded`)
      expect([name, (found.rows[0] as { folded: string }).folded]).toEqual([name, foldName(name)])
    }
  })

  it('has no character that cannot be seen and counts in the database alone', async () => {
    const invisible = Array.from({ length: 0x110000 }, (_, point) => point)
      .filter((point) => (point < 0xd800 || point > 0xdfff) && /\p{Cf}/u.test(String.fromCodePoint(point)))
      .map((point) => String.fromCodePoint(point))
    const found = await deps.db.execute(sql`SELECT control_plane.fold_name(${`a${invisible.join('')}b`}) AS folded`)
    expect(invisible.length).toBeGreaterThan(100)
    expect((found.rows[0] as { folded: string }).folded).toBe('ab')
  })
})
