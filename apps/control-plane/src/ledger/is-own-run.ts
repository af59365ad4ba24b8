import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { runTable } from '../db/run-tables.ts'
import type { OperatorPrincipal } from '../shared/principal.ts'

/** The run that is joined is one that this person asked for; false where there is no run. See is-initiator.ts. */
export function isOwnRun({ operatorId, name }: Pick<OperatorPrincipal, 'operatorId' | 'name'>): SQL {
  return sql`control_plane.is_initiator(${runTable.started_by}, ${operatorId}, ${name})`
}
