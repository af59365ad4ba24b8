/** Passkeys, as the control plane keeps them, and the challenges that they sign. */
import * as z from 'zod/mini'
import { controlSwitches } from './control.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes, signInBodyLimitBytes } from './limits.ts'
import {
  actionIdSchema,
  executorIdSchema,
  executorKeyIdSchema,
  executorNameSchema,
  operatorIdSchema,
  operatorNameSchema,
  personSchema,
  sha256Schema,
  timestampSchema,
  typedText,
} from './primitives.ts'
import { operatorSchema } from './operators.ts'
import { roleSchema } from './roles.ts'
import { defineRoute } from './route.ts'
import { scopeListSchema } from './scopes.ts'
import { assertionSchema, attestationSchema, credentialIdSchema, nonceSchema, signedActSchema, stepUps, transportsSchema } from './webauthn.ts'

const base = { plane: 'operator', step_up: 'none', timeout_ms: jsonTimeoutMs } as const

/**
 * The act that comes later has to be about the same. Its statement's subject is everything here but the purpose
 * (`approval-proof/act-subject`); that of `passkey_add` is `credential_id` and `name` of the new key.
 */
export const createChallenge = defineRoute({
  id: 'createChallenge',
  method: 'POST',
  path: '/operator/challenges',
  summary: 'A nonce for one act of this person, good once and for 120 seconds',
  body: z.discriminatedUnion('purpose', [
    z.strictObject({
      purpose: z.literal('approve'),
      action_id: actionIdSchema,
      revision: z.int().check(z.gte(1)),
      payload_hash: sha256Schema,
    }),
    z.strictObject({ purpose: z.literal('brake_release'), brake_id: z.string().check(z.regex(/^[\x21-\x7e]{1,100}$/)) }),
    z.strictObject({ purpose: z.literal('cap_raise'), currency: z.nullable(z.string().check(z.regex(/^[A-Z]{3}$/))), cap: z.int().check(z.gte(0)) }),
    z.strictObject({ purpose: z.literal('switch'), name: z.enum(controlSwitches), on: z.boolean() }),
    z.strictObject({ purpose: z.literal('passkey_add') }),
    z.strictObject({ purpose: z.literal('passkey_remove'), credential_id: credentialIdSchema }),
    z.strictObject({ purpose: z.literal('passkey_reset'), operator_id: operatorIdSchema }),
    z.strictObject({ purpose: z.literal('operator_invite'), name: operatorNameSchema, role: roleSchema }),
    z.strictObject({ purpose: z.literal('operator_role'), operator_id: operatorIdSchema, role: roleSchema }),
    z.strictObject({ purpose: z.literal('operator_enable'), operator_id: operatorIdSchema }),
    z.strictObject({
      purpose: z.literal('executor_key'),
      act: z.enum(['create', 'rotate']),
      /** The one to replace. */
      key_id: z.nullable(executorKeyIdSchema),
      executor_name: executorNameSchema,
      /** Of the executor there is, or of the new one. */
      owner_operator_id: operatorIdSchema,
      shared_with_everyone: z.boolean(),
      scopes: scopeListSchema,
      expires_in_days: z.int().check(z.gte(1), z.lte(365)),
      /** How long the one that is replaced goes on working. */
      old_key_hours: z.nullable(z.int().check(z.gte(0))),
    }),
    z.strictObject({ purpose: z.literal('executor_transfer'), executor_id: executorIdSchema, owner_operator_id: operatorIdSchema }),
  ]),
  answer: {
    status: 201,
    kind: 'json',
    schema: z.strictObject({
      nonce: nonceSchema,
      expires_at: timestampSchema,
      /** The relying party: the host of the console. */
      rp_id: z.string(),
      /** The person's own keys that may sign; empty: there is none yet. */
      credentials: z.array(z.strictObject({ credential_id: credentialIdSchema, transports: transportsSchema })),
      /** What this deployment asks for this act. */
      step_up: z.enum(stepUps),
      /** For `passkey_add`: what the authenticator files the key under. */
      user: z.nullable(z.strictObject({ id: z.string(), name: z.string() })),
    }),
  },
  problems: ['not_found', 'role_missing', 'enrolment_closed'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'decision', body_limit_bytes: decisionBodyLimitBytes },
})

export const passkeySchema = z.strictObject({
  credential_id: credentialIdSchema,
  name: z.string(),
  created_at: timestampSchema,
  last_used_at: z.nullable(timestampSchema),
  /** Kept by a service on several devices, rather than by one device alone. */
  backed_up: z.boolean(),
})
export type Passkey = z.infer<typeof passkeySchema>

export const listOwnPasskeys = defineRoute({
  id: 'listOwnPasskeys',
  method: 'GET',
  path: '/operator/passkeys',
  summary: 'The own passkeys, and whether the first one can be made now',
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(passkeySchema),
      /** While there is none: until when the first may be made; null: not without an admin. */
      may_enrol_until: z.nullable(timestampSchema),
      /** Somebody took their passkeys out of use, so that they learn of it; `by` null: whoever runs the server. Null: nobody ever did. */
      last_reset: z.nullable(z.strictObject({ at: timestampSchema, by: z.nullable(personSchema), reason: z.string() })),
      /** What control acts need here. */
      control_step_up: z.enum(stepUps),
      now: timestampSchema,
    }),
  },
  problems: [],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'read', body_limit_bytes: noBodyLimitBytes },
})

const passkeyName = operatorNameSchema

/** `signature`: with one of the keys there are; only the first needs none. */
export const addPasskey = defineRoute({
  id: 'addPasskey',
  method: 'POST',
  path: '/operator/passkeys',
  summary: 'Enrol a passkey; its challenge is the nonce of a challenge for it',
  body: z.strictObject({ nonce: nonceSchema, name: passkeyName, attestation: attestationSchema, signature: z.optional(signedActSchema) }),
  answer: { status: 201, kind: 'json', schema: passkeySchema },
  problems: ['challenge_refused', 'signature_refused', 'enrolment_closed', 'step_up_required', 'passkey_exists', 'too_many_passkeys'],
  retry: 'unsafe',
  policy: { ...base, step_up: 'passkey_if_any', role: 'viewer', rate_class: 'decision', body_limit_bytes: decisionBodyLimitBytes },
})

const ownPasskey = z.object({ credential_id: credentialIdSchema })

export const renamePasskey = defineRoute({
  id: 'renamePasskey',
  method: 'POST',
  path: '/operator/passkeys/rename',
  summary: 'Give one of the own passkeys another name',
  body: z.strictObject({ ...ownPasskey.shape, name: passkeyName }),
  answer: { status: 200, kind: 'json', schema: passkeySchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'mutation', body_limit_bytes: decisionBodyLimitBytes },
})

export const removePasskey = defineRoute({
  id: 'removePasskey',
  method: 'POST',
  path: '/operator/passkeys/remove',
  summary: 'Take one of the own passkeys out of use; what it signed stays provable',
  body: z.strictObject({ ...ownPasskey.shape, signature: z.optional(signedActSchema) }),
  answer: { status: 200, kind: 'json', schema: passkeySchema },
  problems: ['not_found', 'last_passkey', 'challenge_refused', 'signature_refused', 'step_up_required'],
  retry: 'unsafe',
  policy: { ...base, step_up: 'passkey', role: 'viewer', rate_class: 'decision', body_limit_bytes: decisionBodyLimitBytes },
})

export const resetPasskeys = defineRoute({
  id: 'resetPasskeys',
  method: 'POST',
  path: '/operator/operators/{operator_id}/passkeys/reset',
  summary: 'Take all passkeys of another person out of use, end their sessions, and let them make a first one within 24 hours',
  params: z.object({ operator_id: operatorIdSchema }),
  body: z.strictObject({ reason: typedText(2_000), signature: z.optional(signedActSchema) }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ removed_count: z.int(), may_enrol_until: timestampSchema }) },
  problems: ['not_found', 'role_missing', 'challenge_refused', 'signature_refused', 'step_up_required', 'self_approval'],
  retry: 'unsafe',
  policy: { ...base, step_up: 'control', role: 'admin', rate_class: 'decision', body_limit_bytes: decisionBodyLimitBytes },
})

// The console asks for itself, with the assertion subject `console`: nobody is signed in yet.
const forConsole = { ...base, role: 'anyone', rate_class: 'none' } as const

export const createSignInChallenge = defineRoute({
  id: 'createSignInChallenge',
  method: 'POST',
  path: '/operator/passkey-sign-in/challenge',
  summary: 'A nonce for signing in with a passkey, good once and for 120 seconds',
  body: z.strictObject({}),
  answer: { status: 201, kind: 'json', schema: z.strictObject({ nonce: nonceSchema, expires_at: timestampSchema, rp_id: z.string() }) },
  problems: [],
  retry: 'safe',
  policy: { ...forConsole, body_limit_bytes: signInBodyLimitBytes },
})

/** The person is whoever the key belongs to, by our own table. `challenge_refused` and `signature_refused` say the same to the person. */
export const verifyPasskeySignIn = defineRoute({
  id: 'verifyPasskeySignIn',
  method: 'POST',
  path: '/operator/passkey-sign-in',
  summary: 'Who signed this nonce',
  body: z.strictObject({ nonce: nonceSchema, assertion: assertionSchema }),
  answer: { status: 200, kind: 'json', schema: operatorSchema },
  problems: ['challenge_refused', 'signature_refused'],
  retry: 'unsafe',
  policy: { ...forConsole, body_limit_bytes: decisionBodyLimitBytes },
})
