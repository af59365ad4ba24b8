import type { createChallenge } from '@autopack/contract/passkeys'
import type { BodyOf } from '@autopack/contract/route'

/** An act that a passkey signs, approvals aside: what it is about is all that its statement says. */
export type SignableAct = Exclude<BodyOf<typeof createChallenge>, { purpose: 'approve' | 'passkey_add' }>
