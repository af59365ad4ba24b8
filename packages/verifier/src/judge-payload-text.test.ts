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

it('reads a key that is one escape, also where JSON.parse of V8 has been misled about it', () => {
  const text = (body: string) =>
    `{"cost":null,"files":[],"mode":"live","operation":"o","provider":"p","request":{"body":${body},"method":"POST","path":"/"},"target":{"a":1},"v":1}`
  const backslash = String.raw`{"":1,"\\":2}`
  const lineFeed = String.raw`{"":1,"\n":2}`
  for (let time = 0; time < 1_000; time += 1) {
    JSON.parse(backslash)
    JSON.parse(lineFeed)
    for (const body of [backslash, lineFeed]) expect(judgePayloadText(Buffer.from(text(body))).verdict).toBe('payload')
  }
})
