import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { actChallenge } from './act-statement.ts'
import { approvalChallenge } from './approval-statement.ts'
import { signInChallenge } from './sign-in-challenge.ts'

const nonce = 'n'.repeat(43)

it('is the hash of its own domain, a zero byte and the nonce, as another implementation computes it', async () => {
  const expected = createHash('sha256').update('autopack-sign-in/1').update(Buffer.of(0)).update(nonce, 'utf8').digest('hex')
  expect(Buffer.from(await signInChallenge(nonce)).toString('hex')).toBe(expected)
})

it('is never what an approval or another act over the same text gives, nor the nonce', async () => {
  const signedToSignIn = Buffer.from(await signInChallenge(nonce)).toString('hex')
  const others = [approvalChallenge(nonce), actChallenge(nonce), Buffer.from(nonce, 'base64url')].map((bytes) => Buffer.from(bytes).toString('hex'))
  expect(others).not.toContain(signedToSignIn)
})
