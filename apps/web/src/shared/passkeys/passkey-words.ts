/** A passkey that was not used or not made, in words a person can act on. */
export type PasskeyFailure = {
  words: string
  /** The person ended it, or let it run out: nothing is wrong. */
  ended: boolean
}

const words: Readonly<Record<string, PasskeyFailure>> = {
  NotAllowedError: {
    words: 'Nothing happened: the prompt was closed or ran out, or none of the passkeys it asked for is at hand.',
    ended: true,
  },
  AbortError: { words: 'Nothing happened: the prompt was closed.', ended: true },
  InvalidStateError: { words: 'This device or security key has a passkey of yours for this console already. Use another one.', ended: false },
  NotSupportedError: { words: 'This device or security key makes no passkeys of the kind that this console takes.', ended: false },
  ConstraintError: {
    words: 'This device or security key cannot check that it is you: set a PIN, a fingerprint or a screen lock for it first.',
    ended: false,
  },
  SecurityError: {
    words: 'The browser keeps passkeys back at this address: the console has to be opened under its own name, over https or as localhost.',
    ended: false,
  },
  NotReadableError: { words: 'The device or security key did not answer. Put it in again, and try again.', ended: false },
}

/** For anything that `navigator.credentials` throws (WebAuthn Level 3, section 5.1); null for what is not of passkeys. */
export function describePasskeyFailure(error: unknown): PasskeyFailure | null {
  return error instanceof DOMException ? (words[error.name] ?? { words: `The browser refused the passkey: ${error.name}.`, ended: false }) : null
}
