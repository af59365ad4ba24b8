import type { Guard } from './guard.ts'

const actions = 'apps/control-plane/src/features/external-actions'
const control = 'apps/control-plane/src/features/control'
const ledger = 'apps/control-plane/src/ledger'
const audit = 'apps/control-plane/src/audit'
const migration = 'apps/control-plane/src/db/migrations/0005_control_and_proof.sql'
const inForce = (what: string) => ({ file: `${ledger}/effective-control.test.ts`, name: `control > with ${what}` })
const queueing = (purpose: string) => ({
  file: `${ledger}/control-rows.test.ts`,
  name: `the lock of control > ${purpose} queues for a lock that nobody is passed in`,
})
const engaging = (name: string) => ({ file: `${control}/engage-brake.test.ts`, name: `engaging > ${name}` })
const withoutLog = (name: string) => ({ file: `${control}/engage-brake.test.ts`, name: `without the audit log > ${name}` })
const releasing = (name: string) => ({ file: `${control}/release-brake.test.ts`, name: `releasing > ${name}` })
const setting = (name: string) => ({ file: `${control}/set-cap.test.ts`, name: `setting a cap > ${name}` })
const turning = (name: string) => ({ file: `${control}/set-switch.test.ts`, name: `the switch DRY_RUN > ${name}` })
const constraint = (name: string) => ({ file: `${control}/brake-constraints.test.ts`, name: `the database > ${name}` })

const brokenLog =
  'that refuses every event the brake works and says so, everything else is refused, reads go on, and the log catches up in order (I-19, I-22)'

/** What people say about everything at once: the brake, caps, switches. */
export const controlGuards: readonly Guard[] = [
  {
    name: 'brake-waits-its-turn',
    protects: 'The brake gets its turn among claims that overlap (I-13).',
    file: `${ledger}/control-rows.ts`,
    remove: "purpose === 'to_change' ? sql`SELECT pg_advisory_xact_lock(${controlLockKey})`",
    put: "purpose === 'to_change' ? sql`SELECT ${controlLockKey}::bigint`",
    test: queueing('to_change'),
  },
  {
    name: 'claims-wait-their-turn',
    protects: 'No claim passes a brake that waits (I-13).',
    file: `${ledger}/control-rows.ts`,
    remove: 'sql`SELECT pg_advisory_xact_lock_shared(${controlLockKey})`',
    put: 'sql`SELECT ${controlLockKey}::bigint`',
    test: queueing('to_read'),
  },
  {
    name: 'brake-over-a-provider',
    protects: 'A brake over a provider stops what goes there (I-13).',
    file: `${ledger}/effective-control.ts`,
    remove: "if (kind === 'provider' && id === action.provider)",
    put: "if (kind === 'provider' && id === action.executor_id)",
    test: inForce('the brake of its provider'),
  },
  {
    name: 'brake-over-a-run',
    protects: 'A brake over a run stops the actions of that run (I-13).',
    file: `${ledger}/effective-control.ts`,
    remove: "if (kind === 'run' && id === action.run_id)",
    put: "if (kind === 'run' && id === action.provider)",
    test: inForce('the brake of its run'),
  },
  {
    name: 'brake-over-an-executor',
    protects: 'A brake over an executor stops its actions (I-13).',
    file: `${ledger}/effective-control.ts`,
    remove: "if (kind === 'executor' && id === action.executor_id)",
    put: "if (kind === 'executor' && id === action.provider)",
    test: inForce('the brake of its executor'),
  },
  {
    name: 'brake-without-the-log',
    protects: 'The brake works when the audit log cannot be written (I-19).',
    file: `${audit}/record-audit-if-possible.ts`,
    remove: "if (!(error instanceof ProblemError) || error.code !== 'audit_unavailable') throw error",
    put: "if (!(error instanceof ProblemError) || error.code !== 'db_unavailable') throw error",
    test: withoutLog(brokenLog),
  },
  {
    name: 'brake-says-it-is-not-audited',
    protects: 'A brake that the audit log does not know says so (I-19).',
    file: `${control}/engage-brake.ts`,
    remove: 'engaged_reason: reason, audited })',
    put: 'engaged_reason: reason, audited: audited || true })',
    test: withoutLog(brokenLog),
  },
  {
    name: 'late-brakes-first',
    protects: 'What was engaged without the audit log is the first that is written into it (I-19).',
    file: `${audit}/record-audit.ts`,
    remove: 'has_late_brakes ? await appendLateBrakes(tx, head) : head',
    put: 'has_late_brakes && head.seq < 0 ? await appendLateBrakes(tx, head) : head',
    test: withoutLog(brokenLog),
  },
  {
    name: 'late-brakes-once',
    protects: 'What was engaged without the audit log is written into it once (I-19).',
    file: `${audit}/append-rows.ts`,
    remove: '.set({ audited: true })',
    put: '.set({ audited: false })',
    test: withoutLog('the sweep writes what is late when nobody else writes, once, and tells the streams'),
  },
  {
    name: 'late-brakes-by-the-sweep',
    protects: 'A brake gets into the audit log when nobody else writes either (I-19).',
    file: `${control}/audit-late-brakes.ts`,
    remove: 'const recorded = await recordLateBrakes(tx)',
    put: 'const recorded = (await recordLateBrakes.length) * 0',
    test: withoutLog('the sweep writes what is late when nobody else writes, once, and tells the streams'),
  },
  {
    name: 'brake-over-what-one-sees',
    protects: 'Nobody stops, or finds by stopping, a run they may not see (security: canSee).',
    file: `${control}/engage-brake.ts`,
    remove: 'if (!(await isScopeVisible(tx, principal, scope)))',
    put: "if (!(await isScopeVisible(tx, { ...principal, role: 'admin' }, scope)))",
    test: engaging('over a run they may not see is refused, and nothing is engaged'),
  },
  {
    name: 'brake-hides-strangers',
    protects: 'A brake over what somebody may not see has no name for them (security: canSee).',
    file: `${control}/to-brake.ts`,
    remove: "id: visible ? brake.scope_id : ''",
    put: 'id: brake.scope_id',
    test: engaging('over what others may not see shows them that there is a brake, without its name, reason or actions'),
  },
  {
    name: 'status-hides-strangers',
    protects: 'The status names no run and no executor that somebody may not see (security: canSee).',
    file: `${ledger}/read-control.ts`,
    remove: "return hidden ? { ...brake, id: '' } : brake",
    put: 'return hidden ? { ...brake, id: brake.id } : brake',
    test: engaging('over what others may not see shows them that there is a brake, without its name, reason or actions'),
  },
  {
    name: 'running-hides-strangers',
    protects: 'What cannot be recalled is listed only to whom may see it (security: canSee).',
    file: `${control}/braked-action-rows.ts`,
    remove: "eq(externalActionTable.state, 'EXECUTING'), inScope(scope), isVisible(viewer)",
    put: "eq(externalActionTable.state, 'EXECUTING'), inScope(scope)",
    test: engaging('lists what cannot be recalled, and counts what stops, only of what the person may see'),
  },
  {
    name: 'holds-start-over',
    protects: 'Releasing the brake lets launch holds start over, in time for a veto (safety: Switches, mode, caps).',
    file: `${control}/release-brake.ts`,
    remove: 'const restarted = await restartHolds(tx, scope, now)',
    put: 'const restarted = (await restartHolds(tx, scope, new Date(0))).slice(0, 0)',
    test: releasing('lets the launch holds in its scope start over, and no others, in one transaction that moves versions and tells the streams'),
  },
  {
    name: 'holds-never-shorter',
    protects: 'No hold ends earlier because a brake was released (I-2).',
    file: `${control}/braked-action-rows.ts`,
    remove: 'greatest(held.not_before, batch.hold_until)',
    put: 'batch.hold_until',
    test: releasing('leaves a hold outside its scope, and one that ends later than it would'),
  },
  {
    name: 'holds-all-of-them',
    protects: 'Every launch hold in the scope starts over, however many there are (safety: Switches, mode, caps).',
    file: `${control}/braked-action-rows.ts`,
    remove: 'if (rows.length < batchSize) return restarted',
    put: 'if (rows.length <= batchSize) return restarted',
    test: releasing('of a thousand and more held actions restarts every one of them'),
  },
  {
    name: 'released-once',
    protects: 'A brake is released once, and who did it stays (I-13).',
    file: `${control}/release-brake.ts`,
    remove: 'if (found.brake.released_at !== null) {',
    put: "if (found.brake.released_reason === '') {",
    test: releasing('twice is refused in words, and engaging again is a new brake'),
  },
  {
    name: 'working-cap-counts',
    protects: 'The lower of ceiling and working value is in force (I-15).',
    file: `${ledger}/effective-control.ts`,
    remove: 'Math.min(cap, state.working_caps[currency] ?? cap)',
    put: 'Math.min(cap, cap)',
    test: setting('below what is spent leaves nothing for today: claims are told 0, never less, and what was claimed stays (I-15)'),
  },
  {
    name: 'ceiling-over-working-cap',
    protects: 'A ceiling that was lowered wins over what an operator set before (I-15).',
    file: `${ledger}/effective-control.ts`,
    remove: 'Math.min(cap, state.working_caps[currency] ?? cap)',
    put: '(state.working_caps[currency] ?? cap)',
    test: setting('stays under a ceiling that was lowered since'),
  },
  {
    name: 'cap-under-the-ceiling',
    protects: 'No working value is set above the environment (I-15).',
    file: `${control}/set-cap.ts`,
    remove: 'if (body.cap > ceiling) {',
    put: 'if (body.cap > ceiling && ceiling < 0) {',
    test: setting('up is for admins, back to the ceiling and no further'),
  },
  {
    name: 'cap-raised-by-admins',
    protects: 'Only an admin lets more be spent than before (safety: Switches, mode, caps).',
    file: `${control}/set-cap.ts`,
    remove: "if (body.cap > present && !hasRole(role, 'admin')) {",
    put: "if (body.cap > present && !hasRole(role, 'approver')) {",
    test: setting('up is for admins, back to the ceiling and no further'),
  },
  {
    name: 'cap-needs-a-ceiling',
    protects: 'A currency that the environment does not name gets no working value (I-15).',
    file: `${control}/set-cap.ts`,
    remove: 'if (ceiling === null) {',
    put: 'if (ceiling === null && body.cap > 0) {',
    test: setting('over the ceiling is refused in the words of its currency, and where there is no ceiling altogether'),
  },
  {
    name: 'known-currencies',
    protects: 'A cap in something that is no currency stops the server instead of meaning nothing (security: Configuration).',
    file: 'packages/server-kit/src/environment.ts',
    remove: 'return exponent === undefined ? {',
    put: "return exponent === undefined && code === '' ? {",
    test: { file: 'packages/server-kit/src/environment.test.ts', name: 'a family of amounts > refuses CAP_XYZ=1' },
  },
  {
    name: 'switch-under-the-ceiling',
    protects: 'No switch is turned beyond the environment (I-14).',
    file: `${control}/set-switch.ts`,
    remove: 'if (towardsEffect && switchCeilingOf(name, deps.settings.ceiling) !== on) {',
    put: 'if (towardsEffect && switchCeilingOf(name, deps.settings.ceiling) === null) {',
    test: turning('is never turned beyond the environment, which the refusal names'),
  },
  {
    name: 'switch-turned-on-by-admins',
    protects: 'Only an admin turns a switch towards effect; for dry run that is off (I-14).',
    file: `${control}/set-switch.ts`,
    remove: "const towardsEffect = name === 'DRY_RUN' ? !on : on",
    put: 'const towardsEffect = on',
    test: turning('is turned towards safety by an approver, and back only by an admin'),
  },
  {
    name: 'stopping-is-never-limited',
    protects: 'Rejecting and asking for a change have a lane that approvals do not exhaust (security: Limits).',
    file: `${actions}/external-action-routes.ts`,
    remove: "if (input.body.kind === 'approve') await",
    put: 'if (input.body.revision > 0) await',
    test: {
      file: `${actions}/decision-lane.test.ts`,
      name: 'approving has a limit; rejecting, asking for a change and engaging the brake go on when it, and every other lane, is exhausted',
    },
  },
  {
    name: 'stopping-has-its-own-connections',
    protects: 'The brake waits for no page that is slow (security: Limits).',
    file: 'apps/bff/src/upstream/control-plane.ts',
    remove: "dispatcher: ['safety', 'decision'].includes(route.policy.rate_class) ? deciding : agent,",
    put: 'dispatcher: agent,',
    test: { file: 'apps/bff/src/upstream/safety-lane.test.ts', name: 'the brake gets through while every connection for pages waits for an answer' },
  },
  {
    name: 'sql-claim-under-the-brake',
    protects: 'The database hands nothing out under a brake (I-13).',
    file: migration,
    remove: '  IF (SELECT control_plane.is_braked(r.provider, a.run_id, a.executor_id)',
    put: '  IF (SELECT control_plane.is_braked(r.provider, a.run_id, a.executor_id) AND false',
    test: constraint('hands nothing out and approves nothing under the brake over everything (I-13)'),
  },
  {
    name: 'sql-approval-under-the-brake',
    protects: 'The database approves nothing under a brake (I-13).',
    file: migration,
    remove: '    IF control_plane.is_braked(revision.provider, action.run_id, action.executor_id)',
    put: '    IF false AND control_plane.is_braked(revision.provider, action.run_id, action.executor_id)',
    test: constraint('hands nothing out and approves nothing under the brake over everything (I-13)'),
  },
  {
    name: 'sql-brake-kept',
    protects: 'How a brake was engaged is never rewritten (I-21).',
    file: migration,
    remove: '     OR (OLD.audited AND NOT NEW.audited)',
    put: '     OR (OLD.audited AND NEW.audited IS NULL)',
    test: constraint('keeps one brake a scope, released once and by an admin, and never forgets or rewrites one'),
  },
  {
    name: 'sql-brake-released-by-admins',
    protects: 'Only an enabled admin releases a brake, whatever the code above says (I-10).',
    file: migration,
    remove: "WHERE o.operator_id = NEW.released_by AND o.enabled AND o.role = 'admin')",
    put: 'WHERE o.operator_id = NEW.released_by AND o.enabled)',
    test: constraint('keeps one brake a scope, released once and by an admin, and never forgets or rewrites one'),
  },
]
