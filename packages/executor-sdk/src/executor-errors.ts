import type { ExecutorAction } from '@autopack/contract/executor-actions'

/** The payload that came back is not the one that was proposed: nothing was sent. */
export class TamperedPayload extends Error {
  override readonly name = 'TamperedPayload'
}

/**
 * The action that was looked for is there, but was revised meanwhile, to a payload that was not given here. Nothing was sent. It is no
 * proof of that payload: compare `action.payload_hash` with the revision you made, or propose with another `attempt`.
 */
export class RevisedMeanwhile extends Error {
  override readonly name = 'RevisedMeanwhile'
  readonly action: ExecutorAction
  constructor(action: ExecutorAction) {
    super(`${action.action_id} was revised meanwhile: revision ${action.revision} has the payload hash ${action.payload_hash}`)
    this.action = action
  }
}

/** Somebody else holds the fence, or the lease has run out: nothing was sent. */
export class LostClaim extends Error {
  override readonly name = 'LostClaim'
}

/** The outcome was refused, or could not be reported before the lease ended: the console shows UNKNOWN until a person looks. */
export class NotRecorded extends Error {
  override readonly name = 'NotRecorded'
  /** What was not recorded. */
  readonly sent: 'no' | 'yes' | 'unknown'
  constructor(sent: 'no' | 'yes' | 'unknown', cause: unknown) {
    super(`the outcome (sent: ${sent}) was not recorded: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.sent = sent
  }
}

/** Throw it from `send` when not one byte of the request left: the reservation is released. */
export class NotSent extends Error {
  override readonly name = 'NotSent'
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Throw it from `send` when the provider got the request and said that it did nothing. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
