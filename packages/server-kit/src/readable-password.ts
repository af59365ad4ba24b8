import { randomInt } from 'node:crypto'

/** Without letters and digits that look alike. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789'

/** `k7fn-q2mx-…`: 20 characters in five groups, 99 random bits. */
export function createReadablePassword(): string {
  const group = () => Array.from({ length: 4 }, () => readable[randomInt(readable.length)]).join('')
  return Array.from({ length: 5 }, group).join('-')
}
