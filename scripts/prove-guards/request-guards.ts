import type { Guard } from './guard.ts'

const approvals = 'apps/control-plane/src/features/approvals'
const requestSql = 'apps/control-plane/src/db/migrations/0009_requests.sql'
const decisionSql = 'apps/control-plane/src/db/migrations/0011_requests_of_the_sole_operator.sql'
const whoAskedSql = 'apps/control-plane/src/db/migrations/0012_who_asked.sql'
const policy = 'packages/action-catalog/src'
const mayDecide = (row: string) => ({ file: `${approvals}/can-decide-request.test.ts`, name: `canDecideRequest > answers for ${row}` })
const constraint = (name: string) => ({ file: `${approvals}/request-constraints.test.ts`, name: `the database > ${name}` })
const alone = (name: string) => ({ file: `${approvals}/sole-operator.test.ts`, name: `the only approver there is > ${name}` })
const asking = (name: string) => ({ file: `${approvals}/approval-requests.test.ts`, name })

/** The queue beside external actions: what executors ask people, and what the policy of protected paths answers by itself. */
export const requestGuards: readonly Guard[] = [
  {
    name: 'sql-request-decided-once',
    protects: 'A request is decided exactly once, and what was decided or expired stays so (I-12).',
    file: requestSql,
    remove: "IF OLD.state <> 'PENDING' OR NEW.state = 'PENDING'",
    put: "IF OLD.state = 'EXPIRED' OR NEW.state = 'PENDING'",
    test: constraint('lets a request go only where its decision says, and from no end'),
  },
  {
    name: 'sql-request-needs-its-decision',
    protects: 'No request is approved that nobody approved (I-10).',
    file: requestSql,
    remove: "AND NEW.state = CASE d.kind WHEN 'approve' THEN 'APPROVED' WHEN 'reject' THEN 'REJECTED' ELSE 'CHANGE_ASKED' END)",
    put: ')',
    test: constraint('lets a request go only where its decision says, and from no end'),
  },
  {
    name: 'sql-request-no-self-approval',
    protects: 'Nobody approves what they asked for themselves (I-10).',
    file: whoAskedSql,
    remove: "WHEN (NEW.kind = 'approve') EXECUTE FUNCTION control_plane.refuse_own_request_decision();",
    put: "WHEN (NEW.kind = 'none') EXECUTE FUNCTION control_plane.refuse_own_request_decision();",
    test: constraint('takes no approval of whoever asked for the run, by id or by name, and takes their no'),
  },
  {
    name: 'own-requests-in-the-queue',
    protects: 'The queue does not offer what somebody asked for themselves, however their name is written (I-10).',
    file: 'apps/control-plane/src/ledger/is-own-run.ts',
    remove: 'control_plane.is_initiator(${runTable.started_by}, ${operatorId}, ${name})',
    put: "(coalesce(${runTable.started_by}, '') IN (${operatorId}, ${name}))",
    test: {
      file: `${approvals}/list-waiting.test.ts`,
      name: 'the queue of all kinds > shows all that is open with what this person may not decide, and counts exactly what it lists',
    },
  },
  {
    name: 'sql-protected-paths',
    protects: 'No policy approves a change outside of examples/ and scripts/, whatever the code above says of the path (safety: governance).',
    file: decisionSql,
    remove: "OR NOT coalesce(path ->> 'normal', '') ~ '^(examples|scripts)/')",
    put: ')',
    test: constraint('lets no policy approve a protected path, a request of another kind, or deny what is not denied'),
  },
  {
    name: 'sql-request-brake',
    protects: 'While the brake is engaged no request is approved (I-13).',
    file: decisionSql,
    remove: "IF NEW.kind = 'approve' AND control_plane.is_braked(NULL, asked.run_id, asked.executor_id)",
    put: "IF NEW.kind = 'none' AND control_plane.is_braked(NULL, asked.run_id, asked.executor_id)",
    test: constraint('takes no approval under the brake'),
  },
  {
    name: 'sql-request-decisions-stay',
    protects: 'A decision about a request is neither changed nor forgotten (I-21).',
    file: requestSql,
    remove: 'CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.request_decision',
    put: 'CREATE TRIGGER append_only_row BEFORE DELETE ON control_plane.request_decision',
    test: constraint('changes nothing of what was asked, and neither changes nor forgets a decision'),
  },
  {
    name: 'request-self-approval',
    protects: 'Nobody approves what they asked for themselves (I-10).',
    file: `${approvals}/can-decide-request.ts`,
    remove: 'if (isOwn && !facts.sole_operator) {',
    put: "if (isOwn && operator.name === '') {",
    test: mayDecide('who asked for the run, by id'),
  },
  {
    name: 'request-deadline',
    protects: 'After its deadline a request is not decided (I-9).',
    file: `${approvals}/can-decide-request.ts`,
    remove: 'facts.now >= request.decide_by',
    put: 'facts.now > request.decide_by',
    test: mayDecide('the very moment of the deadline'),
  },
  {
    name: 'request-hash',
    protects: 'A decision names the hash of exactly the bytes that were asked (I-6).',
    file: `${approvals}/decide-request.ts`,
    remove: "if (body.body_sha256 !== createHash('sha256').update(request.body).digest('hex')) {",
    put: "if (body.body_sha256 === createHash('sha256').digest('hex')) {",
    test: asking('deciding > refuses other bytes, changes nothing and keeps the refusal in the audit log'),
  },
  {
    name: 'request-can-see',
    protects: 'Whoever may not see a request learns nothing of it and decides nothing, though its number can be guessed (security: who owns whom).',
    file: `${approvals}/request-rows.ts`,
    remove: '.where(and(eq(requestTable.request_id, requestId), isRequestVisible(principal)))',
    put: '.where(and(eq(requestTable.request_id, requestId), isRequestVisible({ ...principal, role: "admin" })))',
    test: asking('deciding > 404 to a stranger, who could guess the number, and to their decision'),
  },
  {
    name: 'request-own-only',
    protects: 'An executor reads its own requests only, though their numbers can be guessed (security: executor keys).',
    file: `${approvals}/request-rows.ts`,
    remove: '.where(and(eq(requestTable.request_id, requestId), eq(requestTable.executor_id, executorId)))',
    put: '.where(and(eq(requestTable.request_id, requestId), executorId ? undefined : undefined))',
    test: asking('asking, as an executor of today does it > 404 for the number of another executor, which can be guessed'),
  },
  {
    name: 'queue-can-see',
    protects: 'List and count of the queue hold only what the person may see (security: who owns whom).',
    file: `${approvals}/queue-rows.ts`,
    remove: '    isRequestVisible(principal),\n',
    put: "    isRequestVisible({ ...principal, role: 'admin' }),\n",
    test: { file: `${approvals}/list-waiting.test.ts`, name: 'the queue of all kinds > shows nothing of an executor that this person may not see' },
  },
  {
    name: 'path-out-of-the-repository',
    protects: 'A path that leads out of the repository is denied, not cut to what is left of it (safety: governance).',
    file: `${policy}/normalise-path.ts`,
    remove: "if (segments.pop() === undefined) return none('leads out of the repository')",
    put: 'segments.pop()',
    test: { file: `${policy}/judge-paths.test.ts`, name: 'one path > "../examples/a.py" is denied' },
  },
  {
    name: 'path-capitals',
    protects: 'A protected folder in capitals is protected (safety: governance).',
    file: `${policy}/judge-paths.ts`,
    remove: 'return normal.toLowerCase()',
    put: 'return normal',
    test: { file: `${policy}/judge-paths.test.ts`, name: 'one path > "examples/.GIT/config" is denied' },
  },
  {
    name: 'one-denied-path',
    protects: 'One denied path denies the whole request (safety: governance).',
    file: `${policy}/judge-paths.ts`,
    remove: 'if (denied > 0) {',
    put: 'if (denied === judged.length) {',
    test: { file: `${policy}/judge-paths.test.ts`, name: 'the answer > to one denied path' },
  },
  {
    name: 'path-written-plainly',
    protects: 'What could be read as another path is never approved without a person (safety: governance).',
    file: `${policy}/judge-paths.ts`,
    remove: "if (!read.plain) return { path, normal, verdict: 'people', why: 'it is not written plainly' }",
    put: '',
    test: { file: `${policy}/judge-paths.test.ts`, name: 'one path > "examples/../examples/a.py" is people' },
  },
  {
    name: 'request-alone',
    protects: 'Only whoever is the only approver at this moment approves a request of their own (I-10).',
    file: `${approvals}/decide-request.ts`,
    remove: 'sole_operator: await decidesAlone(tx, deps.settings, principal),',
    put: 'sole_operator: deps.settings.soleOperator,',
    test: alone('does not, while there is a second one, or where nobody said that they may'),
  },
  {
    name: 'sql-request-alone',
    protects: 'A request of their own is approved by the only approver alone, whoever writes the row (I-10).',
    file: whoAskedSql,
    remove: " AND 1 = (SELECT count(*) FROM control_plane.operator o WHERE o.enabled AND o.role IN ('approver', 'admin'))",
    put: '',
    test: constraint('takes the approval of whoever asked for the run where it is marked and nobody else may approve, and nowhere else'),
  },
]
