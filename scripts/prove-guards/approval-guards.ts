import type { Guard } from './guard.ts'

const actions = 'apps/control-plane/src/features/external-actions'
const decide = (name: string) => ({ file: `${actions}/decide-action.test.ts`, name: `deciding > ${name}` })
const mayDecide = (row: string) => ({ file: `${actions}/can-decide.test.ts`, name: `canDecide > answers for ${row}` })
const wrong = (what: string) => decide(`refuses an approval of ${what}, changes nothing and keeps the refusal in the audit log`)

/** Between a proposal and an approval: who may decide, and about what. */
export const approvalGuards: readonly Guard[] = [
  {
    name: 'decision-revision',
    protects: 'A decision about an older revision never counts for the one in force (I-6).',
    file: `${actions}/find-binding-refusal.ts`,
    remove: 'if (body.revision !== facts.revision) {',
    put: 'if (body.revision < 0) {',
    test: wrong('another revision'),
  },
  {
    name: 'decision-hash',
    protects: 'A decision names the hash of exactly the stored bytes (I-3, I-6).',
    file: `${actions}/find-binding-refusal.ts`,
    remove: 'if (body.payload_hash !== facts.payload_hash) {',
    put: "if (body.payload_hash === '') {",
    test: wrong('other bytes'),
  },
  {
    name: 'decision-display',
    protects: 'What the browser showed is what this server would show of the bytes (I-6).',
    file: `${actions}/find-binding-refusal.ts`,
    remove: 'if (body.display_sha256 !== facts.display_sha256) {',
    put: "if (body.display_sha256 === '') {",
    test: wrong('another rendering'),
  },
  {
    name: 'no-self-approval',
    protects: 'Nobody approves what they asked for themselves (I-10).',
    file: `${actions}/can-decide.ts`,
    remove: 'if (isOwn && !facts.sole_operator) {',
    put: "if (isOwn && facts.started_by === '') {",
    test: mayDecide('who asked for the run, by id'),
  },
  {
    name: 'own-by-any-spelling',
    protects: 'Whoever asked is known however their executor writes their name (I-10).',
    file: 'apps/control-plane/src/shared/is-initiator.ts',
    remove: 'const said = foldName(startedBy)',
    put: 'const said = startedBy',
    test: mayDecide('who asked for the run, by name in other letters'),
  },
  {
    name: 'own-by-what-is-not-seen',
    protects: 'A character that cannot be seen makes nobody somebody else (I-10).',
    file: 'packages/server-kit/src/fold-name.ts',
    remove: "    .replaceAll(/\\p{Cf}/gu, '')\n",
    put: '',
    test: mayDecide('who asked for the run, by name in other letters'),
  },
  {
    name: 'sql-no-self-approval',
    protects: 'Nobody approves what they asked for themselves, whatever the code above says (I-10).',
    file: 'apps/control-plane/src/db/migrations/0012_who_asked.sql',
    remove: "WHEN (NEW.kind = 'approve') EXECUTE FUNCTION control_plane.refuse_own_decision();",
    put: "WHEN (NEW.kind = 'none') EXECUTE FUNCTION control_plane.refuse_own_decision();",
    test: {
      file: `${actions}/ledger-constraints.test.ts`,
      name: 'the database > refuses the approval of whoever asked for the run, written as "Approver"',
    },
  },
  {
    name: 'one-slot-one-person',
    protects: 'One person does not fill two places of one quorum (I-10).',
    file: `${actions}/can-decide.ts`,
    remove: 'decisions.find((decision) => decision.operator_id === operator.operator_id)',
    put: "decisions.find((decision) => decision.operator_id === '')",
    test: mayDecide('twice in one quorum'),
  },
  {
    name: 'approval-under-brake',
    protects: 'While the brake is engaged nothing is approved, and rejecting stays possible (I-13).',
    file: `${actions}/can-decide.ts`,
    remove: "if (facts.brake !== null) return refuse('brake_engaged'",
    put: "if (facts.brake === '') return refuse('brake_engaged'",
    test: mayDecide('the brake'),
  },
  {
    name: 'decision-deadline',
    protects: 'After its deadline a proposal expires instead of being approved (I-9).',
    file: `${actions}/can-decide.ts`,
    remove: 'if (facts.now >= action.decide_by) return',
    put: 'if (facts.now < new Date(0)) return',
    test: mayDecide('the very moment of the deadline'),
  },
  {
    name: 'stranger-sees-nothing',
    protects: 'Whoever may not see an action gets 404 for it, from reading to deciding (security: people and runs).',
    file: 'apps/control-plane/src/shared/can-see.ts',
    remove: "if (principal.role === 'admin') return sql`true`",
    put: "if (principal.role !== 'viewer') return sql`true`",
    test: decide('shows a stranger nothing and lets them decide nothing'),
  },
  {
    name: 'proposal-idempotency',
    protects: 'One Idempotency-Key never stands for two different proposals (security: limits and retries).',
    file: `${actions}/propose-action.ts`,
    remove: 'if (repeated.proposal_sha256.equals(proposalSha256)) return repeated.action_id',
    put: 'if (proposalSha256.length > 0) return repeated.action_id',
    test: {
      file: `${actions}/propose-action.test.ts`,
      name: 'proposing > answers the same key with the same action, and refuses it for another proposal',
    },
  },
]
