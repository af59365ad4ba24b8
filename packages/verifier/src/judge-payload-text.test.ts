import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { judgePayloadText } from './judge-payload-text.ts'

type Piece = { text?: string; hex?: string; times?: number }
type Vector = { what: string; text?: string; pieces?: Piece[]; verdict: string; sha256?: string }

const { vectors } = JSON.parse(readFileSync(new URL('../../approval-proof/vectors/payload-text.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
}

function toBytes({ text, pieces }: Vector): Uint8Array {
  if (text !== undefined) return Buffer.from(text)
  const parts = pieces!.map((piece) => {
    const once = piece.hex === undefined ? Buffer.from(piece.text!) : Buffer.from(piece.hex, 'hex')
    return Buffer.concat(Array.from({ length: piece.times ?? 1 }, () => once))
  })
  return Buffer.concat(parts)
}

it.each(vectors.map((vector) => [vector.what, vector] as const))('judges as the vectors say (I-4): %s', (_what, vector) => {
  const { verdict, sha256 } = vector
  expect(judgePayloadText(toBytes(vector))).toEqual(sha256 === undefined ? { verdict } : { verdict, sha256 })
})
