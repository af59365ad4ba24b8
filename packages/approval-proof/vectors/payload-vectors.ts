/** The table of payload texts on which every implementation of the profile must agree, for tests and proofs. */
import { readFileSync } from 'node:fs'
import type { PayloadRule } from '../src/payload.ts'

/** One text, or pieces one after the other, each as often as it says. */
type VectorSource = { text: string; pieces?: undefined } | { text?: undefined; pieces: Array<{ text?: string; hex?: string; times?: number }> }

/** `canonical`: its own canonical form, but no payload, by this rule at this place. `sha256` is of the bytes. */
export type PayloadVector = { what: string; bytes: Buffer } & (
  | { verdict: 'payload'; sha256: string }
  | { verdict: 'canonical'; sha256: string; rule: PayloadRule; at: string; offset: number | null }
  | { verdict: 'refused'; rule: PayloadRule; at: string; offset: number | null }
)

function toBytes(source: VectorSource): Buffer {
  if (source.text !== undefined) return Buffer.from(source.text)
  const parts = source.pieces.map((piece) => {
    const once = piece.hex === undefined ? Buffer.from(piece.text!) : Buffer.from(piece.hex, 'hex')
    return Buffer.concat(Array.from({ length: piece.times ?? 1 }, () => once))
  })
  return Buffer.concat(parts)
}

const file = JSON.parse(readFileSync(new URL('./payload-text.json', import.meta.url), 'utf8')) as {
  vectors: Array<VectorSource & Omit<PayloadVector, 'bytes'>>
}

export const payloadVectors: readonly PayloadVector[] = file.vectors.map(
  ({ text, pieces, ...expected }) => ({ ...expected, bytes: toBytes({ text, pieces } as VectorSource) }) as PayloadVector,
)
