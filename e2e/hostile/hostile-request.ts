/** One request that somebody hostile, or somebody's broken program, could send; everything in it is what goes over the wire. */
import type { ProblemCode } from '@autopack/contract/problems'

export const kinds = ['malformed', 'wrong type', 'boundary', 'oversized', 'unknown member', 'unicode trouble', 'traversal'] as const
export type Kind = (typeof kinds)[number]

export type WireBody = {
  /** Made when it is sent: the largest is 25 MiB. */
  bytes: () => Buffer
  /** How the end of the body is told; a number is a Content-Length that says something else than the truth. */
  framing: 'length' | 'chunked' | number
}

export type HostileRequest = {
  kind: Kind
  label: string
  method: string
  /** Path and query (or another form of target) in Latin-1: one character is one byte on the wire. */
  target: string
  /** In Latin-1; replaces a header of the same name that a good request has, null leaves that one out. */
  headers: readonly (readonly [name: string, value: string | null])[]
  body: WireBody | null
  /** Set where the contract's schemas do not decide: HTTP itself does. */
  refusedAs?: readonly ProblemCode[]
}

/** UTF-8 bytes as Latin-1 characters, the way a header or a target carries them unencoded. */
export function toLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** As `encodeURIComponent`, but for every string: half of a surrogate pair becomes the three bytes that a careless encoder sends. */
export function percentEncode(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!
    if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(character)
    const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('')
  }).join('')
}
