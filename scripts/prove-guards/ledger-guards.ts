import type { Guard } from './guard.ts'

const actions = 'apps/control-plane/src/features/external-actions'
const row = (rule: string, what: string) => ({ file: `${actions}/${rule}.test.ts`, name: what })
const revise = (name: string) => row('revise-action', `revising > ${name}`)
const revoke = (name: string) => row('revoke-action', `revoking > ${name}`)
const observe = (name: string) => row('observe-action', `reading an effect back > ${name}`)
const grant = (name: string) => row('policy-grants', `a grant > ${name}`)
const bad = (what: string) => row('bad-input', `bad input > refuses ${what} with its code, in words, in the audit log, and changes nothing`)

/** Around an approval: editing, taking back, grants without people, and what came of an execution. */
export const ledgerGuards: readonly Guard[] = [
  {
    name: 'edit-of-what-stands',
    protects: 'An edit replaces the revision that its executor read, and no newer one (I-7).',
    file: `${actions}/revise-action.ts`,
    remove: 'if (body.after_revision !== action.revision) {',
    put: 'if (body.after_revision > action.revision) {',
    test: revise('lets one of two edits in, and tells the other which revision is in force'),
  },
  {
    name: 'edit-stays-its-kind',
    protects: 'An edit stays the same kind of action at the same provider, live or dry as before (I-5, I-14).',
    file: `${actions}/revise-action.ts`,
    remove: 'if (provider !== before.provider || operation !== before.operation || mode !== before.mode) {',
    put: "if (provider === '') {",
    test: revise('refuses what is no edit, keeps each refusal in the audit log, and changes nothing'),
  },
  {
    name: 'edit-in-time',
    protects: 'An edit gives an action whose time is over no new life (I-9).',
    file: `${actions}/revise-action.ts`,
    remove: 'if (now >= endsAt) return',
    put: 'if (now < new Date(0)) return',
    test: revise('is over once an action is claimed, ended or too late'),
  },
  {
    name: 'edits-wait-too',
    protects: 'Approved actions do not become more proposals than may wait, by way of edits (security: limits and retries).',
    file: `${actions}/revise-action.ts`,
    remove: "if (action.state === 'APPROVED' && !granted && (await countPending",
    put: "if (action.state !== 'APPROVED' && !granted && (await countPending",
    test: revise('ends with the fiftieth revision, and counts an approved action among those that wait again'),
  },
  {
    name: 'veto-in-hold',
    protects: 'A veto belongs to a launch hold that runs (I-2).',
    file: `${actions}/can-revoke.ts`,
    remove: 'action.not_before === null || facts.now >= action.not_before)',
    put: 'action.not_before === null)',
    test: row('can-revoke', 'canRevoke > answers for the very moment the hold ends'),
  },
  {
    name: 'claimed-is-not-revoked',
    protects: 'What was claimed is never said to be revoked (I-11).',
    file: `${actions}/can-revoke.ts`,
    remove: 'if (facts.claimed_at !== null) {',
    put: "if (facts.claimed_at !== null && action.state === 'APPROVED') {",
    test: row('can-revoke', 'canRevoke > answers for an action that is executing'),
  },
  {
    name: 'revoke-revision',
    protects: 'A revocation is about the revision in force, not about one before it (I-6).',
    file: `${actions}/revoke-action.ts`,
    remove: 'if (body.revision !== action.revision) {',
    put: 'if (body.revision > action.revision) {',
    test: bad('a revocation of an older revision'),
  },
  {
    name: 'revoke-hash',
    protects: 'A revocation names the hash of what is taken back (I-6).',
    file: `${actions}/revoke-action.ts`,
    remove: "if (body.payload_hash !== revision.payload_sha256.toString('hex')) {",
    put: "if (body.payload_hash === '') {",
    test: revoke('is bound to revision and payload hash, once, and every refusal is in the audit log'),
  },
  {
    name: 'looked-up-once',
    protects: 'What a person found who looked stands, and the second reads who it was (I-12).',
    file: `${actions}/can-resolve.ts`,
    remove: 'if (resolution !== null) {',
    put: "if (resolution?.name === '') {",
    test: row('can-resolve', 'canResolve > answers for an outcome that somebody looked up'),
  },
  {
    name: 'looked-up-here',
    protects: 'A person says what came of the execution they looked at, and of no other (I-16).',
    file: `${actions}/resolve-action.ts`,
    remove: 'if (body.execution_id !== found.execution.execution_id) {',
    put: "if (body.execution_id === '') {",
    test: row(
      'resolve-action',
      'resolving an unknown outcome > is refused to viewers, for other executions and while nothing is unknown, and the refusals are in the audit log',
    ),
  },
  {
    name: 'a-look-frees-no-room',
    protects: 'Only an executor that provably sent nothing frees room under a cap (I-15).',
    file: `${actions}/resolve-action.ts`,
    remove: "if (completed) await settleReservations(tx, found.execution.execution_id, 'used')",
    put: "await settleReservations(tx, found.execution.execution_id, completed ? 'used' : 'released')",
    test: row(
      'resolve-action',
      'resolving an unknown outcome > ends FAILED without freeing room under a cap: a look is no proof that nothing was sent (I-15)',
    ),
  },
  {
    name: 'read-back-fence',
    protects: 'Only whoever holds the fence of an execution says what its effect looks like (I-8).',
    file: `${actions}/observe-action.ts`,
    remove: 'if (found.execution.fence !== body.fence) return',
    put: 'if (found.execution.fence > body.fence) return',
    test: observe('is refused where there can be no effect, with an old fence and to strangers; refusals are in the audit log'),
  },
  {
    name: 'read-back-digit-by-digit',
    protects: 'A number that came back is compared as it is written; rounding never hides a difference (I-3).',
    file: `${actions}/compare-observed.ts`,
    remove: 'new NumberText(context?.source ?? String(value))',
    put: 'new NumberText(String(value))',
    test: row('compare-observed', 'compareObserved > judges a price with a fraction of a cent'),
  },
  {
    name: 'missing-is-not-verified',
    protects: 'What did not come back is not verified (I-3).',
    file: `${actions}/compare-observed.ts`,
    remove: 'if (missing.length > 0) return',
    put: 'if (missing.length > fields.length) return',
    test: row('compare-observed', 'compareObserved > judges a value that is missing'),
  },
  {
    name: 'over-its-grant',
    protects: 'What is over its grant is not approved by it (I-1).',
    file: `${actions}/propose-action.ts`,
    remove: "if (draft.over_grant !== null) return refuse('cap_reached'",
    put: "if (draft.over_grant === '') return refuse('cap_reached'",
    test: grant('refuses what is over its size, and people decide about it when it is sent again as tier C'),
  },
  {
    name: 'edit-over-its-grant',
    protects: 'An edit that is over its grant is not approved by it (I-1).',
    file: `${actions}/revise-action.ts`,
    remove: "if (draft.over_grant !== null) return refuse('cap_reached'",
    put: "if (draft.over_grant === '') return refuse('cap_reached'",
    test: grant('judges every revision anew: over it the edit is refused, escalated it waits, within it it is approved'),
  },
  {
    name: 'grant-in-the-claim',
    protects: 'A claim on a grant asks the bytes and the grant again, and believes no stored authorization (I-1).',
    file: `${actions}/claim-action.ts`,
    remove: "if (over !== null) return refuse('policy_mismatch'",
    put: "if (over === '') return refuse('policy_mismatch'",
    test: grant('cannot be claimed as one where the stored authorization is a lie (I-1)'),
  },
  {
    name: 'grant-counts-its-day',
    protects: 'What runs on a grant is counted under the grant of its day (I-15).',
    file: `${actions}/claim-action.ts`,
    remove: ', ...listGrantCaps(descriptor, grant, read.payload.cost)])',
    put: '])',
    test: grant('lets its executor claim and finish without a person, and counts it under its own cap (I-15)'),
  },
  {
    name: 'claim-clock',
    protects: 'Nothing is claimed while the clock of the database is behind the audit log (I-9).',
    file: `${actions}/claim-action.ts`,
    remove: "if (clock !== null) return refuse('clock_moved_back', clock)",
    put: "if (clock === '') return refuse('clock_moved_back', clock)",
    test: bad('a claim under a clock that was moved back'),
  },
  {
    name: 'approval-clock',
    protects: 'Nothing is approved while the clock of the database is behind the audit log (I-9).',
    file: `${actions}/decide-action.ts`,
    remove: "if (clock !== null) return refuse('clock_moved_back', clock)",
    put: "if (clock === '') return refuse('clock_moved_back', clock)",
    test: bad('an approval under a clock that was moved back'),
  },
]
