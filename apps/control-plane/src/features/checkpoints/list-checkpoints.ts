import type { AnswerOf } from '@autopack/contract/route'
import type { listAuditCheckpoints } from '@autopack/contract/checkpoints'
import type { Deps } from '../../deps.ts'
import { findLateness } from '../../audit/find-lateness.ts'
import { findAuditStop, listCheckpointKeys, listCheckpointRows, listRotationNotes, toCheckpointSummary } from '../../audit/checkpoint-rows.ts'
import { decodeCursor, encodeCursor } from '../../shared/cursor.ts'

const defaultLimit = 50

/** A page of the checkpoints, the newest first, with all that it takes to check them. */
export async function listCheckpoints(
  { db, settings, now }: Pick<Deps, 'db' | 'settings' | 'now'>,
  { cursor, limit = defaultLimit }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<AnswerOf<typeof listAuditCheckpoints>> {
  const before = cursor === undefined ? null : (decodeCursor(cursor, ['number'])[0] as number)
  const rows = await listCheckpointRows(db, { before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const stored = await listCheckpointKeys(db)
  return {
    items: page.map((row) => ({ ...toCheckpointSummary(row), note: row.note, standing: row.standing, given_up: row.givenUp })),
    next_cursor: rows.length > limit ? encodeCursor([page[page.length - 1]!.no]) : null,
    keys: [...new Set([...stored, ...settings.checkpoints.keys.map(({ text }) => text)])],
    rotations: await listRotationNotes(db),
    independent: settings.checkpoints.independent,
    stopped: await findAuditStop(db),
    late: await findLateness({ db, settings, now }),
  }
}
