import * as z from 'zod/mini'
import { readBody } from './read-body.ts'
import type { ReadBody } from './read-body.ts'

const schemas = {
  unpublish: z.strictObject({ reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)) }),
  set_quantity: z.strictObject({ quantity: z.int().check(z.gte(0), z.lte(1_000_000)) }),
}

/** What a seller can do to a listing that is there. */
export type ChangeOperation = keyof typeof schemas
export type Change = { operation: 'unpublish'; reason: string } | { operation: 'set_quantity'; quantity: number }

/** Reads the bytes of a change. A refusal is a sentence that says where and why. */
export function readChange(operation: ChangeOperation, bytes: Uint8Array): ReadBody<Change> {
  const read: ReadBody<object> = readBody<object>(schemas[operation], bytes)
  return read.ok ? { ok: true, body: { operation, ...read.body } as Change } : read
}
