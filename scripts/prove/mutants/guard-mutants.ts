import type { GuardMutant } from './mutant.ts'

/** For each invariant a mistake that one test must find by itself. */
export const guardMutants: readonly GuardMutant[] = [
  { invariant: 'I-1', guard: 'sql-open-slot' },
  { invariant: 'I-1', guard: 'sql-tier-c-by-people' },
  { invariant: 'I-2', guard: 'only-approved-is-claimed' },
  { invariant: 'I-2', guard: 'hold' },
  { invariant: 'I-3', guard: 'claim-recomputes-hash' },
  { invariant: 'I-4', guard: 'sql-utf16-key-order' },
  { invariant: 'I-5', guard: 'claim-recomputes-policy' },
  { invariant: 'I-6', guard: 'decision-hash' },
  { invariant: 'I-7', guard: 'sql-edit-starts-over' },
  { invariant: 'I-8', guard: 'claimed-once' },
  { invariant: 'I-9', guard: 'database-clock' },
  { invariant: 'I-10', guard: 'approvers-still-approvers' },
  { invariant: 'I-12', guard: 'sql-ended-is-ended' },
  { invariant: 'I-13', guard: 'brake' },
  { invariant: 'I-14', guard: 'dry-run' },
  { invariant: 'I-15', guard: 'cap-reserve' },
  { invariant: 'I-16', guard: 'cap-kept-in-doubt' },
  { invariant: 'I-17', guard: 'sdk-recomputes-hash' },
  { invariant: 'I-19', guard: 'audit-with-every-change' },
]
