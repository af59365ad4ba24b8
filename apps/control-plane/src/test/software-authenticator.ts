/** An authenticator in software: real keys, CBOR, COSE and signatures, and lies in whichever member a test wants. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Assertion, attestationSchema } from '@autopack/contract/webauthn'
import type * as z from 'zod/mini'

export type Attestation = z.infer<typeof attestationSchema>
export type KeyKind = 'ES256' | 'EdDSA' | 'RS256'

/** What is said differently than it is. */
export type Lies = {
  type?: string
  challenge?: string
  origin?: string
  rpId?: string
  crossOrigin?: boolean
  userPresent?: boolean
  userVerified?: boolean
  counter?: number
  credentialId?: string
  /** Signs with the key of another authenticator. */
  key?: KeyObject
  /** Of an attestation: another format, or a statement in it. */
  fmt?: string
  x5c?: Buffer[]
  algorithm?: number
  /** Bytes of the signature that are turned over. */
  breakSignature?: boolean
}

export type SoftwareAuthenticator = {
  credentialId: string
  privateKey: KeyObject
  /** As of `navigator.credentials.create()`; `challenge` is base64url. */
  create: (challenge: string, lies?: Lies) => Attestation
  /** As of `navigator.credentials.get()`. */
  sign: (challenge: Uint8Array, lies?: Lies) => Assertion
}

const algorithms: Record<KeyKind, number> = { ES256: -7, EdDSA: -8, RS256: -257 }
const flag = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 }

/** `counts`: false for one that synchronises over devices and therefore never counts. */
export function createSoftwareAuthenticator(options: { origin: string; rpId: string; kind?: KeyKind; counts?: boolean }): SoftwareAuthenticator {
  const kind = options.kind ?? 'ES256'
  const { privateKey, publicKey } = makeKeys(kind)
  const credentialId = randomBytes(32).toString('base64url')
  let counter = 0

  const toClientData = (type: string, challenge: string, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? options.origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    )
  const toAuthenticatorData = (lies: Lies, attested: Buffer | null) => {
    if (options.counts !== false) counter += 1
    const head = Buffer.alloc(5)
    head[0] =
      (lies.userPresent === false ? 0 : flag.userPresent) |
      (lies.userVerified === false ? 0 : flag.userVerified) |
      (attested === null ? 0 : flag.attested)
    head.writeUInt32BE(lies.counter ?? counter, 1)
    return Buffer.concat([sha256(Buffer.from(lies.rpId ?? options.rpId)), head, ...(attested === null ? [] : [attested])])
  }

  return {
    credentialId,
    privateKey,
    create: (challenge, lies = {}) => {
      const id = Buffer.from(lies.credentialId ?? credentialId, 'base64url')
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, encodeCbor(toCoseKey(publicKey, lies.algorithm ?? algorithms[kind]))])
      const attStmt = new Map<string, unknown>(lies.x5c === undefined ? [] : [['x5c', lies.x5c]])
      const object = new Map<string, unknown>([
        ['fmt', lies.fmt ?? 'none'],
        ['attStmt', attStmt],
        ['authData', toAuthenticatorData(lies, attested)],
      ])
      return {
        credential_id: credentialId,
        client_data: toClientData('webauthn.create', challenge, lies).toString('base64url'),
        attestation_object: encodeCbor(object).toString('base64url'),
        transports: ['internal'],
      }
    },
    sign: (challenge, lies = {}) => {
      const clientData = toClientData('webauthn.get', Buffer.from(challenge).toString('base64url'), lies)
      const data = toAuthenticatorData(lies, null)
      const signature = signWith(kind, lies.key ?? privateKey, Buffer.concat([data, sha256(clientData)]))
      if (lies.breakSignature === true) signature[signature.length - 1]! ^= 0xff
      return {
        credential_id: lies.credentialId ?? credentialId,
        authenticator_data: data.toString('base64url'),
        client_data: clientData.toString('base64url'),
        signature: signature.toString('base64url'),
      }
    },
  }
}

function makeKeys(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  if (kind === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (kind === 'EdDSA') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 2_048 })
}

function signWith(kind: KeyKind, key: KeyObject, bytes: Buffer): Buffer {
  return sign(kind === 'EdDSA' ? null : 'sha256', bytes, key)
}

/** RFC 9053: kty 2 is EC2, 1 is OKP, 3 is RSA; 3 is the algorithm; the rest depends on the kind. */
function toCoseKey(publicKey: KeyObject, algorithm: number): Map<number, unknown> {
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')
  const common: [number, unknown][] = [[3, algorithm]]
  if (jwk.kty === 'EC') return new Map([[1, 2], ...common, [-1, 1], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]])
  if (jwk.kty === 'OKP') return new Map([[1, 1], ...common, [-1, 6], [-2, bytes(jwk.x)]])
  return new Map([[1, 3], ...common, [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]])
}

/** RFC 8949: whole numbers, bytes, texts, lists and maps, which is all that WebAuthn needs. */
function encodeCbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? encodeHead(1, -1 - value) : encodeHead(0, value)
  if (value instanceof Uint8Array) return Buffer.concat([encodeHead(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([encodeHead(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Array.isArray(value)) return Buffer.concat([encodeHead(4, value.length), ...value.map(encodeCbor)])
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([name, item]) => [encodeCbor(name), encodeCbor(item)])
    return Buffer.concat([encodeHead(5, value.size), ...pairs])
  }
  throw new TypeError(`no CBOR for ${typeof value}`)
}

function encodeHead(major: number, count: number): Buffer {
  const high = major << 5
  if (count < 24) return Buffer.from([high | count])
  if (count < 0x100) return Buffer.from([high | 24, count])
  return Buffer.from([high | 25, count >> 8, count & 0xff])
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
