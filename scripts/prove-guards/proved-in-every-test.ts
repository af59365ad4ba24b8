import { guardMutants } from '../prove/mutants/guard-mutants.ts'

/**
 * The guards that every `npm test` takes away: of each room the ones whose loss would cost most. All of them take too long for that;
 * `npm run prove:guards` has them all.
 */
const chosen: readonly string[] = [
  'sql-one-execution',
  'sql-never-from-pending',
  'sql-no-approval-without-authorization',
  'sql-append-only-audit',
  'rights-no-delete-of-events',
  'claimed-once',
  'claim-recomputes-hash',
  'own-actions-only',
  'brake',
  'kill-switch',
  'dry-run',
  'cap-reserve',
  'finish-fence',
  'sent-bytes-are-the-approved',
  'audit-with-every-change',
  'decision-revision',
  'decision-hash',
  'no-self-approval',
  'stranger-sees-nothing',
  'assertion-target',
  'assertion-body',
  'assertion-once',
  'assertion-type',
  'disabled-operator',
  'key-scope',
  'set-up-expiry',
  'sdk-recomputes-hash',
  'no-redirect-with-the-key',
  'redaction-fails-closed',
  'artifact-names',
  'csrf-origin',
  'session-revocation',
  'browser-refuses-differences',
  'approve-arms-when-seen',
]

/** With those that stand for a mistake in the ledger: the proofs of an invariant have to find each. */
export const provedInEveryTest: readonly string[] = [...new Set([...chosen, ...guardMutants.map(({ guard }) => guard)])]
