/**
 * The text of a token that lets somebody in once: `<prefix>_<256 random bits as hex>_<CRC-32 of what stands before>`. Prefix and
 * checksum serve as in executor keys; the bits are random, so a plain hash is enough to store.
 */
import { createHash, randomBytes } from 'node:crypto'
import { keyChecksum } from './key-checksum.ts'

/** `aps`: sets the console up; `inv`: an invite. */
export function createOneTimeToken(prefix: 'aps' | 'inv'): string {
  const body = `${prefix}_${randomBytes(32).toString('hex')}`
  return `${body}_${keyChecksum(body)}`
}

/** What is stored of a token. Of any text, so that a wrong one costs what a right one costs. */
export function hashOneTimeToken(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
