import type { Guard } from './guard.ts'

const db = 'apps/control-plane/src/db'
const rights = `${db}/application-rights.ts`
const migration = `${db}/migrations/0015_rights_of_the_application.sql`
const tried = (name: string) => ({ file: `${db}/evidence-rights.test.ts`, name })
const given = (name: string) => tried(`the rights of the application > ${name}`)

/** What the application's role may not do in its database, whatever the code that runs as it does (I-21). */
export const rightsGuards: readonly Guard[] = [
  {
    name: 'rights-no-update-of-decisions',
    protects: 'The application has no right to change a decision (I-21).',
    file: rights,
    remove: '  decision: appendOnly,',
    put: "  decision: changed('reason'),",
    test: tried('as the application, decision > has no column that an update could set, but the lock of the head, which a trigger keeps'),
  },
  {
    name: 'rights-no-delete-of-events',
    protects: 'The application has no right to delete an audit event (I-21).',
    file: rights,
    remove: "  audit_event: appendOnlyWith('seq', 'prev', 'hash', 'event', 'executor_id', 'owner_operator_id'),",
    put: '  audit_event: { insert: true, update: [], delete: true },',
    test: tried('as the application, audit_event > is not deleted from'),
  },
  {
    name: 'rights-no-hand-on-the-head',
    protects: 'The application locks the head of the audit log, and has no right to move it (I-20, I-21).',
    file: rights,
    remove: "  audit_head: { insert: false, update: ['id'], delete: false },",
    put: "  audit_head: { insert: false, update: ['id', 'seq'], delete: false },",
    test: tried('as the application > the head is not moved by hand'),
  },
  {
    name: 'rights-taken-from-everybody',
    protects: 'What somebody granted to everybody, or to the application, is gone after the next migration (I-21).',
    file: `${db}/apply-application-rights.ts`,
    remove: 'REVOKE ALL ON ALL TABLES IN SCHEMA ${sql.identifier(databaseSchema)} FROM PUBLIC, ${role}',
    put: 'REVOKE TRIGGER ON ALL TABLES IN SCHEMA ${sql.identifier(databaseSchema)} FROM PUBLIC, ${role}',
    test: given('are given anew with every migration: what somebody granted beside them is gone'),
  },
  {
    name: 'rights-of-the-owner-for-nobody',
    protects: 'Nobody may put the function that moves the head behind a table of their own (I-20, I-21).',
    file: `${db}/apply-application-rights.ts`,
    remove: 'REVOKE ALL ON FUNCTION ${sql.raw(name)} FROM PUBLIC, ${role}',
    put: 'REVOKE ALL ON FUNCTION ${sql.raw(name)} FROM ${role}',
    test: given('are given anew with every migration: what somebody granted beside them is gone'),
  },
  {
    name: 'rights-search-path',
    protects: 'What runs with the rights of the owner looks its names up where the owner says (I-21).',
    file: migration,
    remove: ' SET search_path = pg_catalog, pg_temp;',
    put: ';',
    test: given('reach further in no function but those with a search path of their own, which nobody may call'),
  },
  {
    name: 'rights-of-the-owner-for-the-head',
    protects: 'The head moves with the rights of the owner, so that the application needs none to it (I-20, I-21).',
    file: migration,
    remove: 'SECURITY DEFINER SET search_path',
    put: 'SECURITY INVOKER SET search_path',
    test: tried('as the application > an event is added, and a trigger moves the head for it'),
  },
  {
    name: 'rights-over-evidence-found',
    protects: 'A role that could rewrite evidence is told from one that could not, before a server starts as it in production (I-21).',
    file: `${db}/find-evidence-problems.ts`,
    remove: "evidence.has(thing.split('.')[0]!)",
    put: 'evidence.has(`${thing}.`)',
    test: given('over decision are each found, whoever granted them'),
  },
  {
    name: 'rights-of-every-table',
    protects: 'No table is without a word on who may change it (I-21).',
    file: `${db}/list-rights-drift.ts`,
    remove: "SELECT 'the table ' || relname AS right_of FROM mine WHERE relkind IN ('r', 'p', 'v', 'm', 'f')",
    put: "SELECT 'the table ' || relname AS right_of FROM mine WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relname <> 'planted'",
    test: given('are said for every table: one without a word, a right too many and one too few are found'),
  },
  {
    name: 'rights-start-without-log',
    protects: 'Who took the right to write the log away does not take the brake away with it: the start goes on (I-19, I-22).',
    file: `${db}/find-evidence-problems.ts`,
    remove: '!unwritable.includes(line)',
    put: 'unwritable.length >= 0 && line.length > 0',
    test: given('are told apart when they are gone: without those to write the log the brake still works, without the others nothing does (I-22)'),
  },
  {
    name: 'rights-whole-table',
    protects: 'Whoever owns the tables is not told that the log cannot be written (I-21).',
    file: `${db}/list-rights-drift.ts`,
    remove: " && !really.has(right.split('.')[0]!)",
    put: '',
    test: given('a role with rights over evidence is told from one that has those of the application'),
  },
]
