import { expect, it } from 'vitest'
import { findBindingDifference, type ApprovalBinding } from './approval-binding.ts'

const stands: ApprovalBinding = {
  revision: 2,
  payload_hash: 'a'.repeat(64),
  descriptor: { id: 'shop.sell', version: 3, sha256: 'b'.repeat(64) },
  display_sha256: 'c'.repeat(64),
}

it.each<[string, Partial<ApprovalBinding>, string | null]>([
  ['nothing', {}, null],
  ['the revision', { revision: 1 }, 'stale_revision'],
  ['the payload', { payload_hash: 'd'.repeat(64) }, 'hash_mismatch'],
  ['the descriptor', { descriptor: null }, 'policy_mismatch'],
  ['the descriptor version', { descriptor: { ...stands.descriptor!, version: 4 } }, 'policy_mismatch'],
  ['the descriptor bytes', { descriptor: { ...stands.descriptor!, sha256: 'e'.repeat(64) } }, 'policy_mismatch'],
  ['the pixels', { display_sha256: 'f'.repeat(64) }, 'console_outdated'],
])('finds that %s differs', (_what, change, difference) => {
  expect(findBindingDifference({ ...stands, ...change }, stands)).toBe(difference)
  expect(findBindingDifference(stands, { ...stands, ...change })).toBe(difference)
})
