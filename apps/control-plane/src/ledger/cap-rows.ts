import type { Transaction } from '@autopack/server-kit/open-database'
import { and, eq, sql } from 'drizzle-orm'
import { capDayTable } from '../db/control-tables.ts'
import { executionReservationTable } from '../db/ledger-tables.ts'
import type { CapUse, DailyCap } from './daily-caps.ts'

/** The rows of these caps for a day, made where missing and locked in the order given; what is used and reserved of each. */
export async function lockCaps(tx: Transaction, day: string, caps: readonly DailyCap[]): Promise<(DailyCap & CapUse)[]> {
  const locked: (DailyCap & CapUse)[] = []
  for (const cap of caps) {
    await tx.insert(capDayTable).values({ day, scope: cap.scope, currency: cap.currency, cap: cap.cap, reserved: 0, used: 0 }).onConflictDoNothing()
    const [row] = await tx.select().from(capDayTable).where(toRow(day, cap)).limit(1).for('update')
    if (!row) throw new Error(`no cap row for ${day} ${cap.scope} ${cap.currency}`)
    locked.push({ ...cap, used: row.used, reserved: row.reserved })
  }
  return locked
}

/**
 * Reserves what an execution needs, in rows locked before; the database refuses more than the cap. The row takes over the cap in force,
 * but never one below what is spent already.
 */
export async function reserveCaps(tx: Transaction, executionId: string, day: string, caps: readonly (DailyCap & CapUse)[]): Promise<void> {
  for (const cap of caps) {
    await tx
      .update(capDayTable)
      .set({ cap: Math.max(cap.cap, cap.used + cap.reserved), reserved: sql`${capDayTable.reserved} + ${cap.amount}` })
      .where(toRow(day, cap))
    await tx
      .insert(executionReservationTable)
      .values({ execution_id: executionId, day, scope: cap.scope, currency: cap.currency, amount: cap.amount })
  }
}

/** Turns what an execution holds into `used`, or frees it. Locks the rows in the order in which a claim does. */
export async function settleReservations(tx: Transaction, executionId: string, as: 'used' | 'released'): Promise<void> {
  const held = await tx
    .select()
    .from(executionReservationTable)
    .where(eq(executionReservationTable.execution_id, executionId))
    .orderBy(sql`${executionReservationTable.scope} COLLATE "C"`, sql`${executionReservationTable.currency} COLLATE "C"`)
    .limit(100)
  for (const { day, amount, ...cap } of held) {
    await tx
      .update(capDayTable)
      .set({ reserved: sql`${capDayTable.reserved} - ${amount}`, ...(as === 'used' ? { used: sql`${capDayTable.used} + ${amount}` } : {}) })
      .where(toRow(day, cap))
  }
}

function toRow(day: string, cap: { scope: string; currency: string }) {
  return and(eq(capDayTable.day, day), eq(capDayTable.scope, cap.scope), eq(capDayTable.currency, cap.currency))
}
