import type { Guard } from './guard.ts'

const control = 'apps/control-plane/src'
const audit = `${control}/audit`
const receipts = `${control}/features/receipts`
const received = (name: string) => ({ file: `${receipts}/get-receipt.test.ts`, name })
const made = (name: string) => received(`GET /operator/external-actions/{action_id}/receipt, 200: what happened, and the verifier says so > ${name}`)
const recorded = (name: string) => ({ file: `${audit}/record-audit.test.ts`, name })
const exported = (name: string) => ({ file: `${control}/features/audit/audit-routes.test.ts`, name })
const restored = (name: string) => ({ file: `${control}/features/checkpoints/checkpoint-routes.test.ts`, name: `a restored database > ${name}` })
const asApplication = (name: string) => ({ file: `${control}/db/evidence-rights.test.ts`, name })

/** What events and receipts say, and to whom (safety: Audit log; docs/evidence.md). */
export const recordGuards: readonly Guard[] = [
  {
    name: 'records-required-members',
    protects: 'No event lacks what its type has always (safety: Audit log).',
    file: `${audit}/record-audit.ts`,
    remove: 'if (missing.length > 0) throw',
    put: 'if (missing.length > 99) throw',
    test: recorded('the chain > an event without a member that its type has always refuses the whole transaction'),
  },
  {
    name: 'records-closed-set',
    protects: 'Every event is of a type that is declared (safety: Audit log).',
    file: 'packages/contract/src/audit.ts',
    remove: 'event_type: z.enum(auditEventTypeNames),',
    put: 'event_type: z.string() as unknown as ReturnType<typeof z.enum<typeof auditEventTypeNames>>,',
    test: { file: 'packages/contract/src/audit.test.ts', name: 'an event is of a type that is declared: the set is closed' },
  },
  {
    name: 'records-counted',
    protects: 'Every event about a thing says which one it is, without a gap, so that none can be left out of a receipt (safety: Audit log).',
    file: `${audit}/append-rows.ts`,
    remove: 'coalesce(max(same.approval_ref_no), 0) + 1',
    put: '1',
    test: recorded(
      'which event about a thing it is > is counted from 1 without a gap, also by many at once, for each thing alone; an event about none has no number',
    ),
  },
  {
    name: 'records-counted-once',
    protects: 'No two events about a thing have one number, whoever writes them (I-20).',
    file: `${control}/db/migrations/0014_audit_queries.sql`,
    remove: 'CREATE UNIQUE INDEX audit_event_approval_ref_no',
    put: 'CREATE INDEX audit_event_approval_ref_no',
    test: recorded('the database refuses > a number about a thing twice'),
  },
  {
    name: 'records-nul-in-a-text',
    protects: 'What the log is searched by is what its text says, whatever characters are in it (safety: Audit log).',
    file: `${control}/db/migrations/0014_audit_queries.sql`,
    remove: "'(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1\\\\ufffd', 'g'",
    put: "'\\\\u0000', '\\\\ufffd', 'g'",
    test: recorded('what the columns say is what the text says, NUL and what only looks like one among it'),
  },
  {
    name: 'records-hashes-held',
    protects: 'A receipt says of a row only what the audit log holds the hash of (safety: Audit log).',
    file: `${receipts}/get-receipt.ts`,
    remove: 'event.record_sha256 === hash',
    put: "hash !== ''",
    test: received('409 > where rows are not what the log has the hash of: nothing of ours vouches for them'),
  },
  {
    name: 'records-receipt-for-who-may-see',
    protects: 'Nobody gets the receipt of an action that they may not see (security: Authorisation).',
    file: `${receipts}/receipt-rows.ts`,
    remove: '.where(and(eq(externalActionTable.action_id, actionId), isVisible(principal)))',
    put: ".where(and(eq(externalActionTable.action_id, actionId), isVisible({ ...principal, role: 'admin' })))",
    test: received('404 > for an action that somebody may not see, as for none'),
  },
  {
    name: 'records-export-for-who-may-see',
    protects: 'Nobody exports an event that they may not see (security: Authorisation).',
    file: `${control}/features/audit/audit-rows.ts`,
    remove: '.where(and(mayRead(principal), condition, gt(auditEventTable.seq, window.after)',
    put: '.where(and(principal && condition, gt(auditEventTable.seq, window.after)',
    test: exported('GET /operator/audit/events > 200: what the query finds, oldest first, over several pages; nobody gets what they may not see'),
  },
  {
    name: 'records-csv-runs-nothing',
    protects: 'Nothing that a stranger wrote into the log runs in the spreadsheet of whoever reads an export (safety: Audit log).',
    file: `${control}/features/audit/to-csv-row.ts`,
    remove: 'runs.test(text) || ',
    put: '',
    test: { file: `${control}/features/audit/to-csv-row.test.ts`, name: 'a cell of a CSV > that a spreadsheet would run is text: "=1+1"' },
  },
  {
    name: 'records-terminal-safe',
    protects: 'Nothing that a stranger wrote into the log moves the cursor of whoever exports it in a terminal (safety: Audit log).',
    file: `${control}/features/audit/to-terminal-json.ts`,
    remove: '/(?!\\n)[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]/gu',
    put: '/(?!\\n)[\\p{Zl}\\p{Zp}]/gu',
    test: {
      file: `${control}/features/audit/to-terminal-json.test.ts`,
      name: 'a line of the log for a terminal has no control, no turn of direction and nothing hidden, and verifies as it did',
    },
  },
  {
    name: 'records-strangers-are-no-story',
    protects: 'Whoever guesses the id of an action writes no event about it, and cannot make its receipt too large (safety: Audit log).',
    file: `${control}/shared/mount.ts`,
    remove: 'if (await isConcernOf(tx, principal, named.id))',
    put: 'if ((await isConcernOf(tx, principal, named.id)) || named.id)',
    test: made('attempts of others, whose action it is not, are no events about it'),
  },
  {
    name: 'records-refusals-hold-nothing-back',
    protects: 'Whoever asks in vain again and again cannot keep a receipt from being made (safety: Audit log).',
    file: `${receipts}/receipt-rows.ts`,
    remove: ".where(and(isAbout(actionId), ne(auditEventTable.result_status, 'refused')))",
    put: ".where(and(isAbout(actionId), ne(auditEventTable.result_status, '')))",
    test: made('refused attempts after the last event that changed something hold nothing back, and are not in it'),
  },
  {
    name: 'records-observed-within-a-receipt',
    protects: 'What an executor reads back never makes a receipt larger than a verifier reads (safety: Audit log).',
    file: `${control}/features/external-actions/observe-action.ts`,
    remove: '+ bytes > observedBytesPerExecution',
    put: '+ bytes > 9 * observedBytesPerExecution',
    test: {
      file: `${control}/features/external-actions/observe-action.test.ts`,
      name: 'reading an effect back > takes no more than a receipt can hold, however the characters are written as JSON',
    },
  },
  {
    name: 'records-endorsed-passkeys',
    protects: 'A further passkey of a person is one that a passkey of theirs signed for, whoever writes the row (I-17).',
    file: `${control}/db/migrations/0017_what_receipts_need.sql`,
    remove: 'p.operator_id = NEW.operator_id AND p.removed_at IS NULL)',
    put: 'p.operator_id = NEW.operator_id AND p.removed_at IS NOT NULL)',
    test: {
      file: `${control}/features/passkeys/add-passkey.test.ts`,
      name: 'the first passkey > is the only one without an endorsement, whoever writes the row',
    },
  },
  {
    name: 'records-numbers-of-checkpoints',
    protects: 'The application writes no checkpoint under a number behind which none would stop the log again (I-20, I-21).',
    file: `${control}/db/application-rights.ts`,
    remove: "audit_checkpoint: appendOnlyWith('size',",
    put: "audit_checkpoint: appendOnlyWith('no', 'size',",
    test: asApplication('as the application > no checkpoint is written under a number of one’s own, behind which none would stop anything again'),
  },
  {
    name: 'records-given-up-by-name',
    protects: 'Checkpoints are given up only by an entry of the log that names the signed head (I-20).',
    file: `${control}/db/migrations/0013_checkpoints.sql`,
    remove: "        AND strpos(control_plane.audit_member(e.event, 'payload_summary'), encode(c.head, 'hex')) > 0)",
    put: '        )',
    test: restored('nothing is given up without its entry in the log'),
  },
  {
    name: 'records-given-up-while-stopped',
    protects: 'Nothing is given up while the log holds against everything that was signed (I-20).',
    file: `${control}/db/migrations/0013_checkpoints.sql`,
    remove: 'IF NEW.stopping_no IS NULL THEN',
    put: 'IF false THEN',
    test: restored('nothing is given up while nothing stops the log'),
  },
  {
    name: 'records-functions-of-the-owner',
    protects: 'A role that may call what runs with the rights of the owner is told from one that may not, before a server starts as it (I-21).',
    file: `${control}/db/find-evidence-problems.ts`,
    remove: "if (right === 'EXECUTE on' || right",
    put: "if (right === 'EXECUTE to' || right",
    test: asApplication(
      'the rights of the application > reach evidence by a way around: GRANT EXECUTE ON FUNCTION control_plane.grow_audit_tree() TO autopack_control_plane',
    ),
  },
  {
    name: 'records-refusals-counted-on',
    protects: 'Refusals that could not be recorded are counted until they are (safety: Audit log).',
    file: `${audit}/refusal-tally.ts`,
    remove: 'for (const [code, times] of byCode) add(id, principal, code, times)',
    put: 'for (const [code, times] of byCode) add(id, principal, code, times - times)',
    test: { file: `${audit}/refusal-tally.test.ts`, name: 'what could not be written counts on, together with what came meanwhile' },
  },
]
