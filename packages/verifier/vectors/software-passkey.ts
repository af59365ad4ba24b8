/** A passkey in software, for tests: real keys, CBOR and signatures, and lies in whichever member a test wants. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export type KeyKind = 'ES256' | 'EdDSA' | 'RS256'

/** What is said differently than it is. */
export type CeremonyLies = {
  type?: string
  challenge?: string
  origin?: string
  rpId?: string
  crossOrigin?: boolean
  userPresent?: boolean
  userVerified?: boolean
  /** Of an enrolment. */
  fmt?: string
  x5c?: boolean
  credentialId?: Buffer
  publicKey?: Buffer
  /** Signs with this key instead. */
  by?: SoftwarePasskey
  /** Signs with EdDSA and the identity as R: the equation holds, and anybody learns the key from it. */
  identityAsR?: boolean
}

export type SoftwarePasskey = {
  kind: KeyKind
  credentialId: string
  /** COSE, base64url. */
  publicKey: string
  privateKey: KeyObject
  enrol: (party: Party, lies?: CeremonyLies) => { attestation_object: string; client_data: string }
  sign: (party: Party, challenge: Buffer, lies?: CeremonyLies) => { authenticator_data: string; client_data: string; signature: string }
}
type Party = { id: string; origin: string }

const algorithms = { ES256: -7, EdDSA: -8, RS256: -257 } as const
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

export function makeSoftwarePasskey(kind: KeyKind): SoftwarePasskey {
  const { privateKey, publicKey } = makeKeys(kind)
  const credential = randomBytes(32)
  const cose = toCose(publicKey, algorithms[kind])
  const made: SoftwarePasskey = {
    kind,
    credentialId: credential.toString('base64url'),
    publicKey: cose.toString('base64url'),
    privateKey,
    enrol: (party, lies = {}) => {
      const id = lies.credentialId ?? credential
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([id.length >> 8, id.length & 0xff]), id, lies.publicKey ?? cose])
      const statement = new Map<string, unknown>(lies.x5c === true ? [['x5c', [Buffer.from('a certificate')]]] : [])
      const object = new Map<string, unknown>([
        ['fmt', lies.fmt ?? 'none'],
        ['attStmt', statement],
        ['authData', toAuthenticatorData(party, attested, lies)],
      ])
      const challenge = randomBytes(32).toString('base64url')
      return {
        attestation_object: toCbor(object).toString('base64url'),
        client_data: toClientData('webauthn.create', challenge, party, lies).toString('base64url'),
      }
    },
    sign: (party, challenge, lies = {}) => {
      const clientData = toClientData('webauthn.get', challenge.toString('base64url'), party, lies)
      const data = toAuthenticatorData(party, null, lies)
      const { kind: signedBy, privateKey: key } = lies.by ?? made
      const message = Buffer.concat([data, sha256(clientData)])
      const signature = lies.identityAsR === true ? signWithIdentity(message, key) : sign(signedBy === 'EdDSA' ? null : 'sha256', message, key)
      const written = { authenticator_data: data, client_data: clientData, signature }
      return {
        authenticator_data: written.authenticator_data.toString('base64url'),
        client_data: written.client_data.toString('base64url'),
        signature: written.signature.toString('base64url'),
      }
    },
  }
  return made
}

function makeKeys(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  if (kind === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return kind === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2_048 })
}

/** RFC 8032, 5.1.6, for the R that a nonce of 0 gives. */
function signWithIdentity(message: Buffer, key: KeyObject): Buffer {
  const toNumber = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`)
  const sha512 = (bytes: Buffer) => createHash('sha512').update(bytes).digest()
  const { d = '', x = '' } = key.export({ format: 'jwk' })
  const secret = sha512(Buffer.from(d, 'base64url')).subarray(0, 32)
  secret[0]! &= 0xf8
  secret[31] = (secret[31]! & 0x7f) | 0x40
  const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(31)])
  const challenge = toNumber(sha512(Buffer.concat([identity, Buffer.from(x, 'base64url'), message])))
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const s = ((challenge * toNumber(secret)) % order).toString(16).padStart(64, '0')
  return Buffer.concat([identity, Buffer.from(s, 'hex').toReversed()])
}

function toClientData(type: string, challenge: string, party: Party, lies: CeremonyLies): Buffer {
  const said = { type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? party.origin }
  return Buffer.from(JSON.stringify({ ...said, crossOrigin: lies.crossOrigin ?? false }))
}

function toAuthenticatorData(party: Party, attested: Buffer | null, lies: CeremonyLies): Buffer {
  const flags = (lies.userPresent === false ? 0 : 0x01) | (lies.userVerified === false ? 0 : 0x04) | (attested === null ? 0 : 0x40)
  return Buffer.concat([sha256(lies.rpId ?? party.id), Buffer.from([flags, 0, 0, 0, 1]), attested ?? Buffer.alloc(0)])
}

/** RFC 9053. */
function toCose(publicKey: KeyObject, algorithm: number): Buffer {
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')
  const of: Array<[number, unknown]> =
    jwk.kty === 'EC'
      ? [[1, 2], [3, algorithm], [-1, 1], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]] // prettier-ignore
      : jwk.kty === 'OKP'
        ? [[1, 1], [3, algorithm], [-1, 6], [-2, bytes(jwk.x)]] // prettier-ignore
        : [[1, 3], [3, algorithm], [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]] // prettier-ignore
  return toCbor(new Map(of))
}

/** RFC 8949: as much of it as WebAuthn needs. */
export function toCbor(value: unknown): Buffer {
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4)
  if (typeof value === 'number') return value < 0 ? toHead(1, -1 - value) : toHead(0, value)
  if (value instanceof Uint8Array) return Buffer.concat([toHead(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([toHead(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Array.isArray(value)) return Buffer.concat([toHead(4, value.length), ...value.map(toCbor)])
  if (value instanceof Map) return Buffer.concat([toHead(5, value.size), ...[...value].flat().map(toCbor)])
  throw new TypeError(`no CBOR for ${typeof value}`)
}

function toHead(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count])
  if (count < 0x100) return Buffer.from([(major << 5) | 24, count])
  return Buffer.from([(major << 5) | 25, count >> 8, count & 0xff])
}
