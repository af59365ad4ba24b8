import type { Guard } from './guard.ts'

const statements = (name: string) => ({ file: 'packages/approval-proof/src/statements.test.ts', name })
const deceptive = (what: string) => ({
  file: 'packages/action-catalog/src/deceptive-payloads.test.ts',
  name: `300 deceptive payloads > show what they are to the person who decides: ${what}`,
})
const target = (name: string) => ({
  file: 'apps/control-plane/src/features/external-actions/target-findings.test.ts',
  name: `the finding about the target > ${name}`,
})

/** What people sign, and what warns them before they do. */
export const statementGuards: readonly Guard[] = [
  {
    name: 'statement-members',
    protects: 'A statement says exactly what its shape has, and nothing that a reader would pass over (I-6).',
    file: 'packages/approval-proof/src/statement-shape.ts',
    remove: 'if (!Object.hasOwn(shape, name)) return',
    put: "if (name === '') return",
    test: statements('the statements of the table > are refused, with the place: an unknown member'),
  },
  {
    name: 'statement-domain',
    protects: 'The bytes to sign are those of one domain, apart from its text by a zero byte (I-18).',
    file: 'packages/approval-proof/src/statement-shape.ts',
    remove: '`${domain}\\0${statementText}`',
    put: '`${domain}${statementText}`',
    test: statements('the bytes to sign > are the SHA-256 of domain, a zero byte and the text'),
  },
  {
    name: 'target-look-alike',
    protects: 'A target that looks like one that was approved before is said to be another (I-6).',
    file: 'packages/approval-proof/src/compare-target.ts',
    remove: 'toSkeleton(other) === toSkeleton(target) ||',
    put: "toSkeleton(other) === '' ||",
    test: deceptive('the shop "derno-shop"'),
  },
  {
    name: 'target-look-alike-visible',
    protects: 'Nobody learns from a finding of a target that they may not see (security: who owns whom).',
    file: 'apps/control-plane/src/features/external-actions/present-external-action.ts',
    remove: 'listApprovedTargets(db, revision, isVisible(principal), revision.action_id)',
    put: "listApprovedTargets(db, revision, isVisible({ ...principal, role: 'admin' }), revision.action_id)",
    test: target('tells nobody of a target that they may not see'),
  },
  {
    name: 'target-look-alike-own',
    protects: 'An executor learns from a finding of no target but its own (security: executor keys).',
    file: 'apps/control-plane/src/ledger/target-rows.ts',
    remove: 'return eq(externalActionTable.executor_id, executorId)',
    put: "return ne(externalActionTable.executor_id, executorId === '' ? executorId : '')",
    test: target('tells nobody of a target that they may not see'),
  },
]
