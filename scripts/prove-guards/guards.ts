import { approvalGuards } from './approval-guards.ts'
import { boundaryGuards } from './boundary-guards.ts'
import { checkpointGuards } from './checkpoint-guards.ts'
import { controlGuards } from './control-guards.ts'
import { consoleGuards } from './console-guards.ts'
import { databaseGuards } from './database-guards.ts'
import { evidenceConsoleGuards } from './evidence-console-guards.ts'
import { evidencePageGuards } from './evidence-page-guards.ts'
import { executionGuards } from './execution-guards.ts'
import type { Guard } from './guard.ts'
import { identityGuards } from './identity-guards.ts'
import { ledgerGuards } from './ledger-guards.ts'
import { peopleGuards } from './people-guards.ts'
import { policyGuards } from './policy-guards.ts'
import { recordGuards } from './record-guards.ts'
import { rightsGuards } from './rights-guards.ts'
import { requestGuards } from './request-guards.ts'
import { setUpGuards } from './set-up-guards.ts'
import { sightGuards } from './sight-guards.ts'
import { recoveryGuards } from './recovery-guards.ts'
import { signingGuards } from './signing-guards.ts'
import { statementGuards } from './statement-guards.ts'
import { signInGuards } from './sign-in-guards.ts'
import { verifierGuards } from './verifier-guards.ts'

/** Every guard that `npm run prove:guards` takes away, those of the database first: they take longest. */
export const guards: readonly Guard[] = [
  ...databaseGuards,
  ...rightsGuards,
  ...recordGuards,
  ...checkpointGuards,
  ...executionGuards,
  ...controlGuards,
  ...ledgerGuards,
  ...approvalGuards,
  ...requestGuards,
  ...recoveryGuards,
  ...signingGuards,
  ...statementGuards,
  ...policyGuards,
  ...identityGuards,
  ...sightGuards,
  ...peopleGuards,
  ...setUpGuards,
  ...signInGuards,
  ...boundaryGuards,
  ...consoleGuards,
  ...verifierGuards,
  ...evidenceConsoleGuards,
  ...evidencePageGuards,
]
