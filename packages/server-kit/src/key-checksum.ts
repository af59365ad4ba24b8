import { crc32 } from 'node:zlib'

/** CRC-32 of what stands before it, as eight hex digits: tells a text that was cut off or mistyped without asking a database. */
export function keyChecksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0')
}
