import type { ScheduleMutant } from './mutant.ts'

const ledger = 'apps/control-plane/src/ledger'
const actions = 'apps/control-plane/src/features/external-actions'

/** Mistakes that only show when two operations meet: each is found by a scripted schedule, on PostgreSQL. */
export const scheduleMutants: readonly ScheduleMutant[] = [
  {
    name: 'claim-shares-no-lock',
    invariant: 'I-13',
    mistake: 'A claim reads control without its lock, so a brake is acknowledged while the claim is on its way.',
    file: `${actions}/claim-action.ts`,
    remove: 'toEffectiveControl(await lockControl(tx), deps.settings.ceiling)',
    put: "toEffectiveControl(await (await import('../../ledger/control-rows.ts')).findControlState(tx), deps.settings.ceiling)",
    pair: 'claim/brake',
  },
  {
    name: 'brakes-read-before-the-lock',
    invariant: 'I-13',
    mistake: 'The brakes are read before the control row is locked, so whoever waited for it acts on what was so before.',
    file: `${ledger}/control-rows.ts`,
    remove: `  await tx.execute(
    purpose === 'to_change' ? sql\`SELECT pg_advisory_xact_lock(\${controlLockKey})\` : sql\`SELECT pg_advisory_xact_lock_shared(\${controlLockKey})\`,
  )
  const [row] = await tx
    .select()
    .from(controlTable)
    .where(eq(controlTable.id, 1))
    .limit(1)
    .for(purpose === 'to_change' ? 'update' : 'share')
  if (purpose === 'to_read') await limitWaits(tx, 'for_locks')
  // In a statement of its own: one that waited for the lock would go on seeing the brakes as they were when it began.
  return withBrakesAndCaps(tx, row ?? null)
`,
    put: `  const early = await withBrakesAndCaps(tx, null)
  await tx.execute(
    purpose === 'to_change' ? sql\`SELECT pg_advisory_xact_lock(\${controlLockKey})\` : sql\`SELECT pg_advisory_xact_lock_shared(\${controlLockKey})\`,
  )
  const [row] = await tx
    .select()
    .from(controlTable)
    .where(eq(controlTable.id, 1))
    .limit(1)
    .for(purpose === 'to_change' ? 'update' : 'share')
  if (purpose === 'to_read') await limitWaits(tx, 'for_locks')
  return { ...early, row: row ?? null }
`,
    pair: 'claim/brake',
  },
  {
    name: 'own-action-not-locked',
    invariant: 'I-8',
    mistake: 'The executor’s operations read their action without locking it.',
    file: `${ledger}/action-rows.ts`,
    remove: "const [row] = await tx.select().from(externalActionTable).where(own).limit(1).for('update')",
    put: 'const [row] = await tx.select().from(externalActionTable).where(own).limit(1)',
    pair: 'claim/revoke',
  },
  {
    name: 'visible-action-not-locked',
    invariant: 'I-11',
    mistake: 'People’s operations read the action without locking it, so a claim slips in between the look and the change.',
    file: `${ledger}/action-rows.ts`,
    remove: "const [row] = await tx.select().from(externalActionTable).where(one).limit(1).for('update')",
    put: 'const [row] = await tx.select().from(externalActionTable).where(one).limit(1)',
    pair: 'revoke/claim',
  },
  {
    name: 'audit-head-not-locked',
    invariant: 'I-19',
    mistake: 'Two changes take the same place in the audit log, and one of them fails although nothing forbids it.',
    file: 'apps/control-plane/src/audit/append-rows.ts',
    remove: "    .for('update')\n",
    put: '',
    pair: 'propose/reject',
  },
]
