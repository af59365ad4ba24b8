import type { Guard } from './guard.ts'

const shared = 'apps/control-plane/src/shared'
const actions = 'apps/control-plane/src/features/external-actions'
const passkeys = 'apps/control-plane/src/features/passkeys'
const enrolling = (name: string) => ({ file: `${passkeys}/add-passkey.test.ts`, name })
const quorum = (name: string) => ({ file: `${actions}/quorum.test.ts`, name })
const byOther = {
  file: `${actions}/decide-action-signed.test.ts`,
  name: 'a signed approval > by a passkey of another person, or by one that was removed, is refused',
}
const control = 'apps/control-plane/src/features/control'
const reset = (name: string) => ({ file: `${passkeys}/own-passkeys.test.ts`, name: `resetting the passkeys of somebody else > ${name}` })
const voided = (after: string) => ({
  file: `${actions}/decide-action-signed.test.ts`,
  name: `the database itself > lets nobody claim or complete what was signed before ${after}, also where the passkey had removed itself`,
})
const stepUp = (what: string) => ({
  file: `${control}/control-step-up.test.ts`,
  name: `${what} > takes the password again, where that is enough, and nothing after five minutes`,
})

/** What a reset ends, what a signature cannot do later, and what counts as approved before (docs/decisions/0026). */
export const recoveryGuards: readonly Guard[] = [
  {
    name: 'session-before-reset-enrols-nothing',
    protects: 'After a reset a session of before makes no first passkey: it may be of whoever the reset was against (safety: deciding).',
    file: `${passkeys}/find-enrolment-refusal.ts`,
    remove: 'signedInAt + roundingMs < operator.sessions_since.getTime()',
    put: 'signedInAt < 0',
    test: reset('lets no session of before make the first one, however long enrolment is open'),
  },
  {
    name: 'first-passkey-closes-enrolment',
    protects: 'Once the first passkey is made, no other first one is, until an admin allows it (safety: deciding).',
    file: `${passkeys}/add-passkey.ts`,
    remove: 'if (isFirst) await closeEnrolment(tx, operator.operator_id)',
    put: 'if (!isFirst) await closeEnrolment(tx, operator.operator_id)',
    test: enrolling('the first passkey > ends the time for it: whoever removes it makes no other first one without an admin'),
  },
  {
    name: 'passkey-reset-ends-sessions',
    protects: 'A reset ends the sessions of before (safety: deciding).',
    file: 'apps/control-plane/src/db/migrations/0010_people.sql',
    remove: 'IF OLD.joined_at IS NOT NULL THEN NEW.sessions_since := clock_timestamp(); END IF;',
    put: '',
    test: reset('takes all out of use, ends sessions of before, and lets a first one be made within a day'),
  },
  {
    name: 'reset-voids-what-was-signed',
    protects: 'What was signed before a reset authorizes nothing, also where the passkey was removed by itself before (I-18).',
    file: 'apps/control-plane/src/db/migrations/0008_passkeys.sql',
    remove: '\n      OR s.signed_at <= o.passkeys_reset_at))',
    put: '))',
    test: voided('an admin reset their passkeys'),
  },
  {
    name: 'server-reset-voids-what-was-signed',
    protects: 'A reset by whoever runs the server voids what was signed, too (safety: deciding).',
    file: `${shared}/passkey-rows.ts`,
    remove: ', passkeys_reset_at: reset.at, passkeys_reset_by: reset.by, passkeys_reset_reason: reset.reason }',
    put: ' }',
    test: voided('whoever runs the server let them make another first one'),
  },
  {
    name: 'voided-half-is-not-completed',
    protects:
      'An approval that a reset voided is not completed by a second one: refused in words, not by an error of the database (safety: deciding).',
    file: `${actions}/decide-action.ts`,
    remove: "if (body.kind === 'approve' && !(await isSignedAsNeeded(tx, action))) {",
    put: "if (body.reason === '' && !(await isSignedAsNeeded(tx, action))) {",
    test: voided('an admin reset their passkeys'),
  },
  {
    name: 'signed-as-needed-at-claim',
    protects: 'The claim itself asks whether every approval is signed by a passkey that counts (I-18).',
    file: `${actions}/find-approvers.ts`,
    remove: 'if (!(await isSignedAsNeeded(tx, action))) return',
    put: 'if (people.length > 99) return',
    test: voided('an admin reset their passkeys'),
  },
  {
    name: 'nobody-resets-themselves',
    protects: 'Nobody resets their own passkeys: a stolen session of an admin would make its own (safety: deciding).',
    file: `${passkeys}/reset-passkeys.ts`,
    remove: 'if (operator_id === admin.operator_id) {',
    put: "if (operator_id === '') {",
    test: reset('is for admins, about others who are there'),
  },
  {
    name: 'sealed-in-refusals',
    protects: 'The words of a refused approval do not tell the second approver what the first thinks either (safety: deciding).',
    file: `${actions}/decide-action.ts`,
    remove: "body.kind === 'approve' && (await countLargestQuorum(tx, action.action_id)) > 1 ? { reason: null } : {}",
    put: "body.kind === 'approve' && slots.length > 99 ? { reason: null } : {}",
    test: quorum('the second opinion > is sealed from the words of an approval that was refused, too'),
  },
  {
    name: 'precedents-of-the-same-mode',
    protects: 'An approved dry run is no precedent of a live action (safety: deciding).',
    file: 'apps/control-plane/src/ledger/precedent-rows.ts',
    remove: '    eq(actionRevisionTable.mode, like.mode),\n',
    put: '',
    test: quorum('precedents > are of the same mode alone: a dry run that was approved is none of a live action'),
  },
  {
    name: 'precedents-not-taken-back',
    protects: 'An approval that somebody revoked is no precedent (safety: deciding).',
    file: 'apps/control-plane/src/ledger/precedent-rows.ts',
    remove: '    stillStands,\n',
    put: '',
    test: quorum('precedents > are no approvals that somebody revoked'),
  },
  {
    name: 'known-targets-still-stand',
    protects: 'A target is known by what was approved for the same mode and not taken back (safety: deciding).',
    file: 'apps/control-plane/src/ledger/target-rows.ts',
    remove: ", eq(actionAuthorizationTable.kind, 'people'), stillStands",
    put: ", eq(actionAuthorizationTable.kind, 'people')",
    test: {
      file: `${actions}/target-findings.test.ts`,
      name: 'the finding about the target > does not count an approval of a dry run for a live action, nor one that was revoked',
    },
  },
  {
    name: 'settled-switch-burns-signature',
    protects: 'A signature over a switch that is so already is not sent later, when somebody has turned it back (safety: deciding).',
    file: `${control}/set-switch.ts`,
    remove: 'await burnSignature(tx, principal.operatorId, body.signature, now)\n      return null',
    put: 'return null',
    test: { file: `${control}/control-step-up.test.ts`, name: 'leaves no signature to send later over a switch that is so already' },
  },
  {
    name: 'settled-cap-burns-signature',
    protects: 'A signature over a cap that is so already is not sent later, when somebody has lowered it (safety: deciding).',
    file: `${control}/set-cap.ts`,
    remove: 'await burnSignature(tx, principal.operatorId, body.signature, now)\n      return null',
    put: 'return null',
    test: { file: `${control}/control-step-up.test.ts`, name: 'leaves no signature to send later over a cap that is so already' },
  },
  {
    name: 'no-of-unreadable-bytes',
    protects: 'Bytes that cannot be read any more are not in the way of saying no to them (safety: deciding).',
    file: `${actions}/decide-action.ts`,
    remove: "body.kind === 'approve' ? readBindingFacts(revision) : toStoredBinding(revision)",
    put: "body.kind === 'ask_change' ? toStoredBinding(revision) : readBindingFacts(revision)",
    test: { file: `${actions}/decide-action.test.ts`, name: 'deciding > says no to what cannot be read any more, by its stored hash, and never yes' },
  },
  {
    name: 'release-step-up',
    protects: 'Releasing a brake takes showing again who it is (safety: deciding).',
    file: `${control}/release-brake.ts`,
    remove: 'principal, { route, facts: act, signature: body.signature }, now)',
    put: '{ ...principal, authAgeSeconds: 0 }, { route, facts: act, signature: body.signature }, now)',
    test: stepUp('releasing a brake'),
  },
  {
    name: 'cap-step-up',
    protects: 'Raising a cap takes showing again who it is (safety: deciding).',
    file: `${control}/set-cap.ts`,
    remove: 'body.cap > present ? await requireControlStepUp(',
    put: 'body.cap < 0 ? await requireControlStepUp(',
    test: stepUp('raising a cap'),
  },
  {
    name: 'switch-step-up',
    protects: 'Turning a switch towards effect takes showing again who it is (safety: deciding).',
    file: `${control}/set-switch.ts`,
    remove: 'const stepUp = towardsEffect',
    put: "const stepUp = body.reason === ''",
    test: stepUp('turning a switch on'),
  },
  {
    name: 'passkey-of-the-person',
    protects: 'A signature by a passkey of somebody else is refused in words, whatever it is over (I-18).',
    file: `${shared}/verify-signed-act.ts`,
    remove: "if (passkey.operator_id !== operator_id) return refuse('signature_refused', 'This passkey is not yours.')",
    put: '',
    test: byOther,
  },
  {
    name: 'passkey-in-use',
    protects: 'A signature by a passkey that was taken out of use is refused in words (I-18).',
    file: `${shared}/verify-signed-act.ts`,
    remove: "if (passkey.removed_at !== null) return refuse('signature_refused', 'This passkey was taken out of use.')",
    put: '',
    test: byOther,
  },
  {
    name: 'decision-signature-in-database',
    protects: 'The database takes no unsigned approval of what has to be signed, and no signature about something else (I-18).',
    file: 'apps/control-plane/src/db/migrations/0008_passkeys.sql',
    remove:
      'CREATE TRIGGER guard_signature BEFORE INSERT ON control_plane.decision FOR EACH ROW EXECUTE FUNCTION control_plane.guard_decision_signature();',
    put: 'SELECT 1;',
    test: {
      file: `${actions}/decide-action-signed.test.ts`,
      name: 'the database itself > takes no unsigned approval of what has to be signed, and no signature about something else (I-18)',
    },
  },
]
