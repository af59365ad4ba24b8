/** Values that the contract accepts, built from its schemas; for ids and hashes, those of things that exist. */
import type { JsonSchema } from './value-variants.ts'

/** What exists and may be asked for, by the name that the contract gives it: `run_id`, `action_id`, `seq` … */
export type Things = Readonly<Record<string, unknown>>

const examples = [
  'text',
  'a',
  '1',
  'x'.repeat(16),
  '0'.repeat(16),
  'a'.repeat(64),
  '2026-11-22T12:00:00.000Z',
  'EUR',
  'act_00000000-0000-4000-8000-000000000000',
  'exe_00000000-0000-4000-8000-000000000000',
  'op_00000000-0000-4000-8000-000000000000',
  '00000000-0000-4000-8000-000000000000',
  'key_000000000000',
  'apr_999999999999999',
  'gov_00000000',
  'exr_00000000-0000-4000-8000-000000000000',
  // A nonce.
  'x'.repeat(43),
  '00000000',
]

/** Throws where no value is known; the message says what to add. */
export function buildValidValue(schema: JsonSchema, things: Things, name: string): unknown {
  if (Object.hasOwn(things, name) && things[name] !== undefined && isMeant(things[name], schema)) return things[name]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const option = (schema.anyOf ?? schema.oneOf)?.find((each) => each.type !== 'null')
  if (option) return buildValidValue(option, things, name)
  switch (schema.type) {
    case 'string':
      return buildString(schema, name)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1))
    case 'boolean':
      return false
    case 'null':
      return null
    case 'array':
      return schema.items ? [buildValidValue(schema.items, things, name)] : []
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) => [key, buildValidValue(value, things, key)]))
    default:
      return null
  }
}

/** One name can mean different things: a switch and a person have a `name`, and scopes are a list here and a text there. */
function isMeant(thing: unknown, { enum: values, type }: JsonSchema): boolean {
  return values ? values.includes(thing) : (type === 'array') === Array.isArray(thing) || type === undefined
}

function buildString(schema: JsonSchema, name: string): string {
  const patterns = [schema.pattern, ...(schema.allOf ?? []).map(({ pattern }) => pattern)].filter((pattern) => pattern !== undefined)
  const least = schema.minLength ?? 0
  const found = [...examples, 'x'.repeat(least)].find(
    (text) =>
      text.length >= least && text.length <= (schema.maxLength ?? Infinity) && patterns.every((pattern) => new RegExp(pattern, 'u').test(text)),
  )
  if (found === undefined) {
    throw new Error(
      `no example of ${name} fits ${JSON.stringify(schema)}: add one to e2e/hostile/valid-values.ts, or the thing to existing-things.ts`,
    )
  }
  return found
}
