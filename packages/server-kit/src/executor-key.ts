/**
 * The text of an executor key: `apk_<id>_<256 random bits as hex>_<CRC-32 of what stands before>`. The prefix and the
 * checksum let scanners and redaction recognise one; only SHA-256 of the whole text is ever stored. The bits are random,
 * so a plain hash is enough (OWASP ASVS 5.0, 2.10: no stretching for high-entropy secrets).
 */
import { createHash, randomBytes } from 'node:crypto'
import { keyChecksum } from './key-checksum.ts'

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
const pattern = /^(apk_([0-9a-z]{12})_[0-9a-f]{64})_([0-9a-f]{8})$/

export function createExecutorKey(): { keyId: string; text: string } {
  const id = Array.from(randomBytes(12), (byte) => alphabet[byte % alphabet.length]).join('')
  const body = `apk_${id}_${randomBytes(32).toString('hex')}`
  return { keyId: `key_${id}`, text: `${body}_${keyChecksum(body)}` }
}

/** The id and hash of a well-formed key; null for anything else, without asking a database. */
export function readExecutorKey(text: string): { keyId: string; sha256: Buffer } | null {
  const found = pattern.exec(text)
  if (!found || keyChecksum(found[1]!) !== found[3]) return null
  return { keyId: `key_${found[2]}`, sha256: createHash('sha256').update(text).digest() }
}
