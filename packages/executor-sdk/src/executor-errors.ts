/** The payload that came back is not the one that was proposed: nothing was sent. */
export class TamperedPayload extends Error {
  override readonly name = 'TamperedPayload'
}

/** Somebody else holds the fence, or the lease has run out: nothing was sent. */
export class LostClaim extends Error {
  override readonly name = 'LostClaim'
}

/** The outcome could not be reported before the lease ended: the console shows UNKNOWN until a person looks. */
export class NotRecorded extends Error {
  override readonly name = 'NotRecorded'
  /** What was not recorded. */
  readonly sent: 'no' | 'yes' | 'unknown'
  constructor(sent: 'no' | 'yes' | 'unknown', cause: unknown) {
    super(`the outcome (sent: ${sent}) could not be reported before the lease ended`, { cause })
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
