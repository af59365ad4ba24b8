import { ProblemError } from '@autopack/server-kit/problem-error'

export type CursorValue = string | number | boolean | null

/** The place after which the next page starts, as opaque text (base64url of JSON). */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/**
 * Reads a cursor of ours. `kinds` says what it must hold, for example `['string', 'number']`; a `?` after a kind allows
 * null. Throws `invalid_request` for anything else.
 */
export function decodeCursor(text: string, kinds: readonly ('string' | 'number' | 'boolean' | 'string?' | 'number?')[]): CursorValue[] {
  const refused = () =>
    new ProblemError('invalid_request', 'query cursor: is not a cursor of this list; start again without it.', {
      issues: [{ where: 'query cursor', message: 'is not a cursor of this list' }],
    })
  let values: unknown
  try {
    values = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url')))
  } catch {
    throw refused()
  }
  if (!Array.isArray(values) || values.length !== kinds.length) throw refused()
  for (const [index, kind] of kinds.entries()) {
    const value: unknown = values[index]
    const nullable = kind.endsWith('?')
    if (value === null && nullable) continue
    if (typeof value !== (nullable ? kind.slice(0, -1) : kind)) throw refused()
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw refused()
    // PostgreSQL text cannot hold a NUL; without this the database, not we, would refuse it.
    if (typeof value === 'string' && value.includes('\0')) throw refused()
  }
  return values as CursorValue[]
}

/** A moment from a cursor. Throws `invalid_request`. */
export function toCursorMoment(value: CursorValue): Date {
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? new Date(value) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) throw new ProblemError('invalid_request', 'query cursor: is not a cursor of this list; start again without it.')
  return at
}
