import * as z from 'zod/mini'

export type ReadBody<T> = { ok: true; body: T } | { ok: false; detail: string }

/** Reads bytes as UTF-8 JSON of one shape, no unknown members. A refusal is a sentence that says where and why. */
export function readBody<T>(schema: z.ZodMiniType<T>, bytes: Uint8Array): ReadBody<T> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { ok: false, detail: 'The body is not JSON in UTF-8.' }
  }
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return { ok: true, body: parsed.data }
  const issue = parsed.error.issues[0]
  return { ok: false, detail: `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not acceptable'}.` }
}
