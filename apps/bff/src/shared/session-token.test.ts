import { createHmac, generateKeyPairSync } from 'node:crypto'
import { SignJWT, UnsecuredJWT, exportSPKI } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { readDeviceToken, signDeviceToken } from './device-token.ts'
import { readSessionToken, signSessionToken } from './session-token.ts'
import { readSigningKey } from './signing-key.ts'
import type { SigningKey } from './signing-key.ts'

let key: SigningKey
const now = new Date('2026-11-22T12:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const claims = { sub: `op_${'1'.repeat(8)}-1111-4111-8111-${'1'.repeat(12)}`, sid: 'A'.repeat(43) }

beforeAll(async () => {
  const made = await readSigningKey(null, null)
  if (!made.ok) throw new Error(made.why)
  key = made.key
})

/** A session token as it should be, but for what a test changes. */
function forge(change: (token: SignJWT) => SignJWT, header: Record<string, string> = {}): Promise<string> {
  const token = new SignJWT({ sid: claims.sid, amr: ['pwd'] })
    .setProtectedHeader({ alg: key.algorithm, typ: 'autopack-session+jwt', kid: key.keyId, ...header })
    .setIssuer('autopack-bff')
    .setAudience('autopack-console')
    .setSubject(claims.sub)
    .setIssuedAt(now)
    .setExpirationTime(later(3_600))
  return change(token).sign(key.privateKey)
}

describe('a session token', () => {
  test('reads back until it expires', async () => {
    const token = await signSessionToken(key, { ...claims, amr: ['pwd'], issuedAt: now, expiresAt: later(43_200) })
    expect(await readSessionToken(key, token, later(43_100))).toEqual(claims)
    expect(await readSessionToken(key, token, later(43_201))).toBeNull()
  })

  test('as forged for these tests is right, so each refusal below has one reason', async () => {
    expect(await readSessionToken(key, await forge((token) => token), now)).toEqual(claims)
  })

  test('with algorithm none is refused', async () => {
    const token = new UnsecuredJWT({ sid: claims.sid, amr: ['pwd'] })
      .setSubject(claims.sub)
      .setIssuer('autopack-bff')
      .setAudience('autopack-console')
      .setIssuedAt(now)
      .setExpirationTime(later(3_600))
      .encode()
    expect(await readSessionToken(key, token, now)).toBeNull()
    const [, payload] = (await forge((each) => each)).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'autopack-session+jwt', kid: key.keyId })).toString('base64url')
    expect(await readSessionToken(key, `${header}.${payload}.`, now)).toBeNull()
  })

  test('signed with the public key as an HMAC secret is refused', async () => {
    const [, payload] = (await forge((each) => each)).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'autopack-session+jwt', kid: key.keyId })).toString('base64url')
    const signature = createHmac('sha256', await exportSPKI(key.publicKey))
      .update(`${header}.${payload}`)
      .digest('base64url')
    expect(await readSessionToken(key, `${header}.${payload}.${signature}`, now)).toBeNull()
  })

  test('signed with another key is refused', async () => {
    const other = { ...key, privateKey: generateKeyPairSync('ed25519').privateKey }
    expect(
      await readSessionToken(key, await signSessionToken(other, { ...claims, amr: ['pwd'], issuedAt: now, expiresAt: later(60) }), now),
    ).toBeNull()
  })

  test('of another type, issuer, audience or key id is refused', async () => {
    expect(await readSessionToken(key, await forge((token) => token, { typ: 'op-assertion+jwt' }), now)).toBeNull()
    expect(await readSessionToken(key, await forge((token) => token, { typ: 'JWT' }), now)).toBeNull()
    expect(await readSessionToken(key, await forge((token) => token, { kid: 'other' }), now)).toBeNull()
    expect(await readSessionToken(key, await forge((token) => token.setIssuer('somebody')), now)).toBeNull()
    expect(await readSessionToken(key, await forge((token) => token.setAudience('autopack-control-plane')), now)).toBeNull()
  })

  test('without exp, iat, sub or sid is refused', async () => {
    const bare = { alg: key.algorithm, typ: 'autopack-session+jwt', kid: key.keyId }
    const whole = {
      iss: 'autopack-bff',
      aud: 'autopack-console',
      sub: claims.sub,
      sid: claims.sid,
      iat: now.getTime() / 1_000,
      exp: later(60).getTime() / 1_000,
    }
    expect(await readSessionToken(key, await new SignJWT(whole).setProtectedHeader(bare).sign(key.privateKey), now)).toEqual(claims)
    for (const name of ['exp', 'iat', 'sub', 'sid'] as const) {
      const token = await new SignJWT({ ...whole, [name]: undefined }).setProtectedHeader(bare).sign(key.privateKey)
      expect(await readSessionToken(key, token, now), name).toBeNull()
    }
  })

  test('made to live longer than twelve hours is refused after twelve', async () => {
    const token = await forge((each) => each.setExpirationTime(later(30 * 24 * 3_600)))
    expect(await readSessionToken(key, token, later(12 * 3_600 + 1))).toBeNull()
  })
})

describe('a device token', () => {
  test('is one for one operator, and is not a session', async () => {
    const token = await signDeviceToken(key, claims.sub, now)
    expect(await readDeviceToken(key, token, claims.sub, now)).toMatch(/^[0-9a-f-]{36}$/)
    expect(await readDeviceToken(key, token, `op_${'2'.repeat(36)}`, now)).toBeNull()
    expect(await readSessionToken(key, token, now)).toBeNull()
    const session = await signSessionToken(key, { ...claims, amr: ['pwd'], issuedAt: now, expiresAt: later(60) })
    expect(await readDeviceToken(key, session, claims.sub, now)).toBeNull()
  })
})
