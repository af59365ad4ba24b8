/**
 * What authenticators say, and what of it a person signed. Binary values are base64url without padding, as WebAuthn's JSON forms have them
 * (https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON).
 */
import * as z from 'zod/mini'

function base64url(most: number) {
  return z.string().check(z.regex(/^[A-Za-z0-9_-]+$/), z.maxLength(most))
}

/** At most 1,023 bytes (WebAuthn Level 3, credential id). */
export const credentialIdSchema = base64url(1_364)
/** 32 random bytes. */
export const nonceSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
export const transportsSchema = z.array(z.string().check(z.regex(/^[a-z-]{1,20}$/))).check(z.maxLength(10))

/** What an authenticator says that signs. */
export const assertionSchema = z.strictObject({
  credential_id: credentialIdSchema,
  authenticator_data: base64url(2_000),
  client_data: base64url(4_000),
  signature: base64url(2_000),
})
export type Assertion = z.infer<typeof assertionSchema>

/** What an authenticator says that makes a key. */
export const attestationSchema = z.strictObject({
  credential_id: credentialIdSchema,
  client_data: base64url(4_000),
  attestation_object: base64url(20_000),
  transports: transportsSchema,
})

/**
 * A statement and the passkey's signature over it. The text is what `approval-proof` builds, from what the browser showed; the control
 * plane builds its own and compares.
 */
export const signedActSchema = z.strictObject({ statement: z.string().check(z.minLength(1), z.maxLength(8_192)), assertion: assertionSchema })
export type SignedAct = z.infer<typeof signedActSchema>

/** What is asked of a person before an act counts: a passkey; a passkey or the password again; nothing. */
export const stepUps = ['passkey', 'preferred', 'none'] as const
export type StepUp = (typeof stepUps)[number]
