/** One receipt of every kind there is, by what makes it so. */
import { buildEtsyListing, buildReading, buildStock, buildTakedown } from '@autopack/approval-proof/honest-payloads'
import type { ReceiptKnobs } from './make-receipt.ts'

export const receiptKinds: ReadonlyArray<readonly [what: string, knobs: ReceiptKnobs]> = [
  ['completed, signed with ES256', {}],
  ['completed, signed with EdDSA', { approvers: [{ name: 'Ada', role: 'approver', key: 'EdDSA' }] }],
  ['completed, signed with RS256', { approvers: [{ name: 'Ada', role: 'admin', key: 'RS256' }] }],
  ['completed, not signed', { approvers: [{ name: 'Ada', role: 'approver', key: null }] }],
  [
    'two approvers, one of them without a passkey',
    {
      approvers: [
        { name: 'Ada', role: 'approver', key: 'ES256' },
        { name: 'Grace', role: 'admin', key: null },
      ],
    },
  ],
  ['three approvers', { approvers: (['ES256', 'EdDSA', 'RS256'] as const).map((key) => ({ name: key, role: 'admin', key })) }],
  ['a dry run', { state: 'SIMULATED' }],
  ['rejected', { state: 'REJECTED' }],
  ['approved, not claimed', { state: 'APPROVED' }],
  ['executing', { state: 'EXECUTING' }],
  ['failed', { state: 'FAILED' }],
  ['expired', { state: 'EXPIRED' }],
  ['cancelled', { state: 'CANCELLED' }],
  ['revoked', { state: 'REVOKED' }],
  ['vetoed in the hold', { state: 'REVOKED', holdSeconds: 600 }],
  ['claimed after a hold', { holdSeconds: 600 }],
  ['unknown', { state: 'UNKNOWN' }],
  ['lost, and resolved as completed', { leaseLost: true, resolved: 'completed' }],
  ['lost, and resolved as failed', { leaseLost: true, resolved: 'failed' }],
  ['observed, and drifted', { observations: ['cannot_verify', 'drifted'] }],
  ['the second revision', { revised: true }],
  ['on a grant', { authorizedBy: 'policy', payload: buildReading(), tier: 'A' }],
  ['on a grant, not claimed', { authorizedBy: 'policy', payload: buildReading(), tier: 'A', state: 'APPROVED' }],
  ['beyond its grant, decided by people', { payload: buildStock() }],
  ['of which not everything is explained', { payload: buildTakedown({ body: { more: 1 } }) }],
  ['signed with the third passkey of a person', { approvers: [{ name: 'Ada', role: 'approver', key: 'EdDSA', passkeysBefore: 2 }] }],
  ['refused once more when all was over', { refusedLater: true }],
  ['sent as a form', { payload: buildEtsyListing() }],
  ['described by nobody', { descriptor: null }],
  [
    'approved by the only approver there is, who asked for it',
    { startedBy: 'Ada', approvers: [{ name: 'Ada', role: 'approver', key: 'ES256', soleOperator: true }] },
  ],
  ['after two rotations of the key', { rotations: 2 }],
]
