import { listOwnPasskeys } from '@autopack/contract/passkeys'
import { call } from '../call.ts'

/** The own passkeys. */
export function readOwnPasskeys(signal: AbortSignal) {
  return call(listOwnPasskeys, { signal })
}
