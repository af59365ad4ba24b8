import { createLog } from '@autopack/server-kit/log'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openTestDeps } from '../test/open-test-deps.ts'
import { createRefusalTally } from './refusal-tally.ts'

test('what could not be written counts on, together with what came meanwhile', async () => {
  const deps = await openTestDeps()
  const tally = createRefusalTally(deps.db, createLog({ name: 'test', level: 'silent', secrets: [] }))
  try {
    const nobody = { kind: 'anonymous' } as const
    tally.note(nobody, 'key_refused')
    tally.note(nobody, 'key_refused')
    tally.note({ kind: 'system', name: 'somebody' }, 'rate_limited')
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.audit_head RENAME TO audit_head_away`)
    await expect(tally.flush()).rejects.toMatchObject({ code: 'audit_unavailable' })
    tally.note(nobody, 'key_refused')
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.audit_head_away RENAME TO audit_head`)
    await tally.flush()
    await tally.flush()
    const { rows } = await deps.db.execute(
      sql`SELECT auth_principal_id AS who, control_plane.audit_member(event, 'error_summary') AS said FROM control_plane.audit_event
        WHERE event_type = 'request.refused' ORDER BY seq`,
    )
    expect(rows).toEqual([
      { who: 'anonymous', said: 'since the last count: 3 × key_refused' },
      { who: 'somebody', said: 'since the last count: 1 × rate_limited' },
    ])
  } finally {
    await tally.close()
    await deps.close()
  }
})
