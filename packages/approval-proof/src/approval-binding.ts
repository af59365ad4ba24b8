/** What a decision is about. Two bindings are the same only if every part is. */
export type ApprovalBinding = {
  revision: number
  payload_hash: string
  descriptor: { id: string; version: number; sha256: string } | null
  display_sha256: string
}

export type BindingDifference = 'stale_revision' | 'hash_mismatch' | 'policy_mismatch' | 'console_outdated'

/** The first way in which what was decided is not what stands, as the refusal it leads to; null when they agree. */
export function findBindingDifference(decided: ApprovalBinding, stands: ApprovalBinding): BindingDifference | null {
  if (decided.revision !== stands.revision) return 'stale_revision'
  if (decided.payload_hash !== stands.payload_hash) return 'hash_mismatch'
  if (
    decided.descriptor?.id !== stands.descriptor?.id ||
    decided.descriptor?.version !== stands.descriptor?.version ||
    decided.descriptor?.sha256 !== stands.descriptor?.sha256
  ) {
    return 'policy_mismatch'
  }
  return decided.display_sha256 === stands.display_sha256 ? null : 'console_outdated'
}
