import { sql } from 'drizzle-orm'
import { decisionTable, externalActionTable } from '../db/ledger-tables.ts'

/** Somebody asked for another revision, and it has not come. */
export const changeRequested = sql`(${externalActionTable.state} = 'PENDING' AND EXISTS (SELECT FROM ${decisionTable} AS asked
  WHERE asked.action_id = ${externalActionTable.action_id} AND asked.revision = ${externalActionTable.revision} AND asked.kind = 'ask_change'))`
