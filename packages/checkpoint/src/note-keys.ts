/**
 * Keys of signed notes (https://c2sp.org/signed-note), Ed25519 alone. A verifier key is public: `name+keyid+base64(0x01 ‖ public key)`. A
 * private key is written as Go's sumdb/note writes it: `PRIVATE+KEY+name+keyid+base64(0x01 ‖ seed)`.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export type VerifierKey = { name: string; /** 8 hex digits. */ keyId: string; publicKey: KeyObject; /** As published. */ text: string }
export type PrivateNoteKey = { verifierKey: VerifierKey; privateKey: KeyObject }

const algorithm = 0x01
const privatePrefix = 'PRIVATE+KEY+'
/** What stands before the 32 bytes in DER (RFC 8410). */
const publicDer = Buffer.from('302a300506032b6570032100', 'hex')
const privateDer = Buffer.from('302e020100300506032b657004220420', 'hex')

/** No white space, no `+`: 1 to 200 visible characters. */
export function isKeyName(name: string): boolean {
  return /^[\x21-\x2a\x2c-\x7e]{1,200}$/.test(name)
}

/** Null: not the verifier key of a signed note, or not with the id that it says. */
export function readVerifierKey(text: string): VerifierKey | null {
  const read = readKeyText(text)
  return read && toVerifierKey(read.name, read.keyId, read.bytes)
}

/** Null: not a private key of this form, or not with the id that its public half has. */
export function readPrivateKey(text: string): PrivateNoteKey | null {
  if (!text.startsWith(privatePrefix)) return null
  const read = readKeyText(text.slice(privatePrefix.length))
  if (!read) return null
  const privateKey = createPrivateKey({ key: Buffer.concat([privateDer, read.bytes]), format: 'der', type: 'pkcs8' })
  const verifierKey = toVerifierKey(read.name, read.keyId, publicBytes(createPublicKey(privateKey)))
  return verifierKey && { verifierKey, privateKey }
}

/** A new private key as text. Throws for a name that a key cannot have. */
export function createPrivateKeyText(name: string): string {
  if (!isKeyName(name)) throw new RangeError('the name of a key has no white space and no +')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(privateDer.length)
  return `${privatePrefix}${name}+${keyIdOf(name, publicBytes(publicKey))}+${withAlgorithm(seed)}`
}

function toVerifierKey(name: string, keyId: string, bytes: Buffer): VerifierKey | null {
  if (keyIdOf(name, bytes) !== keyId) return null
  const publicKey = createPublicKey({ key: Buffer.concat([publicDer, bytes]), format: 'der', type: 'spki' })
  return { name, keyId, publicKey, text: `${name}+${keyId}+${withAlgorithm(bytes)}` }
}

function readKeyText(text: string): { name: string; keyId: string; bytes: Buffer } | null {
  const [, name, keyId, base64] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text) ?? []
  if (name === undefined || keyId === undefined || base64 === undefined || !isKeyName(name)) return null
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== 33 || bytes[0] !== algorithm || bytes.toString('base64') !== base64) return null
  return { name, keyId, bytes: bytes.subarray(1) }
}

function keyIdOf(name: string, bytes: Buffer): string {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([algorithm]))
    .update(bytes)
    .digest('hex')
    .slice(0, 8)
}

function publicBytes(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(publicDer.length)
}

function withAlgorithm(bytes: Buffer): string {
  return Buffer.concat([Buffer.from([algorithm]), bytes]).toString('base64')
}
