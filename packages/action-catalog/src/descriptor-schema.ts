import * as z from 'zod/mini'

const name = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/, 'is a-z, 0-9 and _, and starts with a letter'))
const words = z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(300, 'is too long for a person to read'))
const pointer = z.string().check(z.regex(/^(?:\/(?:[^~/*]|~0|~1)+|\/\*)+$/, 'is a JSON pointer; * alone stands for any place in a list'))
const pathTemplate = z
  .string()
  .check(z.regex(/^(?:\/(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))+$/, 'is a plain path from its first slash; {name} is a whole segment'))
const currency = z.string().check(z.regex(/^[A-Z]{3}$/, 'is an ISO 4217 code'))
const count = z.int().check(z.gte(1))
const points = z.int().check(z.gte(0), z.lte(100))
const minor = z.int().check(z.gte(0))

const fieldSchema = z.strictObject({
  path: pointer.check(z.regex(/^\/(?:target|request\/body)(?:\/|$)/, 'lies under /target or /request/body')),
  label: words,
  group: words,
  format: z.enum([
    'text',
    'long_text',
    'markdown',
    'html',
    'code',
    'money',
    'currency',
    'integer',
    'decimal',
    'boolean',
    'url',
    'account',
    'date',
    'image',
    'sha256',
    'bytes',
  ]),
  currency_at: z.optional(pointer),
  must_see: z.boolean(),
  risk_weight: points,
  role: z.optional(z.enum(['target', 'money', 'title'])),
  slot: z.optional(name),
  wire: z.optional(z.literal('number')),
})

const approvalSchema = z.strictObject({
  all_of: z.array(z.strictObject({ role: z.enum(['approver', 'admin']), count })).check(z.minLength(1, 'names at least one group')),
  step_up: z.enum(['passkey', 'preferred', 'none']),
  decide_within_seconds: z.int().check(z.gte(60), z.lte(7 * 86_400)),
  execute_within_seconds: z.int().check(z.gte(60), z.lte(86_400)),
  hold_seconds: z.int().check(z.gte(0), z.lte(86_400)),
})

const minorByCurrency = z.record(currency, minor)

const grantSchema = z.strictObject({
  max_bytes: count,
  execute_within_seconds: z.int().check(z.gte(60), z.lte(86_400)),
  max_cost_minor: minorByCurrency,
  actions_per_day: count,
  cost_minor_per_day: minorByCurrency,
})

const undoSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['irreversible', 'nothing']), text: words }),
  z.strictObject({
    kind: z.literal('compensate'),
    operation: z.string().check(z.regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'is provider.operation')),
    within_seconds: z.nullable(count),
    text: words,
  }),
])

/** The shape of one descriptor file. What must hold between its parts is checked by readCatalog. */
export const descriptorSchema = z.strictObject({
  id: z.string(),
  version: count,
  provider: name,
  operation: name,
  title: words,
  tier: z.enum(['A', 'B', 'C']),
  kill_switch: z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/, 'is A-Z, 0-9 and _')),
  request: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: pathTemplate,
    encoding: z.enum(['json', 'form']),
  }),
  fee: z.nullable(z.strictObject({ amount_minor: count, currency })),
  sentence: words,
  seen_by: words,
  fields: z.array(fieldSchema).check(z.minLength(1, 'explains at least one field')),
  hidden: z.array(z.strictObject({ label: words, why: words })),
  approval: approvalSchema,
  grant: z.nullable(grantSchema),
  limits: z.strictObject({ actions_per_day: count, amount_minor_per_day: minorByCurrency }),
  undo: undoSchema,
  verify: z.nullable(
    z.strictObject({
      path: pathTemplate,
      fields: z.array(z.strictObject({ sent: pointer, observed: pointer })).check(z.minLength(1, 'compares at least one field')),
    }),
  ),
  risk_levels: z.strictObject({ medium: points, high: points, critical: points }),
})
