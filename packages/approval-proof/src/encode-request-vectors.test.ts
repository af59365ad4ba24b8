import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Descriptor } from './descriptor.ts'
import { encodeRequest } from './encode-request.ts'
import { readPayload } from './payload.ts'
import { descriptor } from './sale-of-a-desk.ts'

type Vector = { what: string; payload: string; encoding: 'json' | 'form'; wire_numbers: string[]; request: string }

const { vectors } = JSON.parse(readFileSync(new URL('../vectors/encode-request.json', import.meta.url), 'utf8')) as { vectors: Vector[] }

/** A descriptor that says nothing but how to encode. */
function toDescriptor({ encoding, wire_numbers }: Vector): Descriptor {
  const fields = wire_numbers.map((path) => ({ ...descriptor.fields[0]!, path, wire: 'number' as const }))
  return { ...descriptor, request: { ...descriptor.request, encoding }, fields }
}

it.each(vectors.map((vector) => [vector.what, vector] as const))('makes the bytes that a second language makes too: %s', (_what, vector) => {
  const read = readPayload(vector.payload)
  if (!read.ok) throw new Error(read.detail)
  expect(new TextDecoder().decode(encodeRequest(read.payload, toDescriptor(vector)))).toBe(vector.request)
})
