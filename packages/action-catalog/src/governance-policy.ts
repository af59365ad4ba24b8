import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import policy from '../../../config/governance.json' with { type: 'json' }
import type { GovernancePolicy } from './governance-policy-schema.ts'

/** The file as it lies in `config`; readGovernancePolicy checks it when a server starts. */
export const governanceFile: { file: string; value: unknown } = { file: 'config/governance.json', value: policy }

/** The policy in force. */
export const governancePolicy = policy as GovernancePolicy

/** SHA-256 of the policy's canonical JSON, 64 lower-case hex digits. Throws for a policy that does not hold. */
export function governancePolicySha256(): string {
  return payloadHash(canonicalize(governancePolicy))
}
