import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, eq } from 'drizzle-orm'
import { capDayTable, controlTable } from '../db/control-tables.ts'
import type { CapUse } from './daily-caps.ts'
import type { ControlRow } from './effective-control.ts'

export async function findControlRow(db: Queryable): Promise<ControlRow> {
  const [row] = await db.select().from(controlTable).where(eq(controlTable.id, 1)).limit(1)
  return row ?? null
}

/** The control row, which cannot change until the transaction ends. The first lock of every transaction that takes one. */
export async function lockControlRow(tx: Transaction): Promise<ControlRow> {
  const [row] = await tx.select().from(controlTable).where(eq(controlTable.id, 1)).limit(1).for('share')
  return row ?? null
}

export async function listCapUse(db: Queryable, day: string): Promise<(CapUse & { scope: string; currency: string })[]> {
  return db
    .select({ scope: capDayTable.scope, currency: capDayTable.currency, used: capDayTable.used, reserved: capDayTable.reserved })
    .from(capDayTable)
    .where(eq(capDayTable.day, day))
    .limit(1_000)
}

export async function findCapUse(db: Queryable, day: string, scope: string, currency: string): Promise<CapUse> {
  const [row] = await db
    .select({ used: capDayTable.used, reserved: capDayTable.reserved })
    .from(capDayTable)
    .where(and(eq(capDayTable.day, day), eq(capDayTable.scope, scope), eq(capDayTable.currency, currency)))
    .limit(1)
  return row ?? { used: 0, reserved: 0 }
}
