import { canonicalize, parseCanonical } from './canonical-json.ts'
import { toPointer } from './canonical-profile.ts'
import type { JsonValue } from './canonical-profile.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { toUtf8 } from './payload-hash.ts'

/** What may stand at one place of a statement: exactly this, a text of one form, a rule, one of several, or an object with exactly these members. */
export type StatementShape = null | string | RegExp | ((value: JsonValue) => boolean) | StatementShape[] | { [name: string]: StatementShape }

/** `at` is a JSON pointer (RFC 6901; empty: the top). */
export type StatementProblem = { ok: false; at: string; detail: string }

export const isVersion = (value: JsonValue) => typeof value === 'number' && value >= 1
export const sha256Form = /^[0-9a-f]{64}$/
export const operatorIdForm = /^op_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** One use, made by the control plane. */
export const nonceForm = /^[A-Za-z0-9_-]{16,200}$/
/** RFC 3339 in UTC with milliseconds, as everywhere on the wire. */
export const momentForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

const maxStatementCharacters = 32_768

/** Reads a statement's text: its own canonical form, exactly these members, nothing repaired. Never throws. */
export function readStatement(text: string, shape: StatementShape): { ok: true; value: JsonValue } | StatementProblem {
  if (text.length > maxStatementCharacters) return { ok: false, at: '', detail: 'The statement is too long.' }
  const parsed = parseCanonical(text)
  if (!parsed.ok) return { ok: false, at: parsed.at, detail: parsed.detail }
  return findMisfit(parsed.value, shape, []) ?? parsed
}

/** The canonical text of a statement. Throws Error, with the place, when {@link readStatement} would refuse it. */
export function writeStatement(statement: unknown, shape: StatementShape): string {
  const text = canonicalize(statement)
  const read = readStatement(text, shape)
  if (!read.ok) throw new Error(`${read.at || 'the top'}: ${read.detail}`)
  return text
}

/** The 32 bytes a passkey signs: SHA-256(domain ‖ 0x00 ‖ statement), both in UTF-8. The zero byte keeps one domain from continuing in another. */
export function toChallenge(domain: string, statementText: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sha256(toUtf8(`${domain}\0${statementText}`)))
}

function findMisfit(value: JsonValue, shape: StatementShape, path: string[]): StatementProblem | null {
  const misfit = (detail: string): StatementProblem => ({ ok: false, at: toPointer(path), detail })
  if (shape === null || typeof shape === 'string') return value === shape ? null : misfit(`Exactly ${shape} belongs here.`)
  if (shape instanceof RegExp) return typeof value === 'string' && shape.test(value) ? null : misfit('This text does not have its form.')
  if (typeof shape === 'function') return shape(value) ? null : misfit('This value does not belong here.')
  if (Array.isArray(shape)) return shape.map((inner) => findMisfit(value, inner, path)).reduce((found, other) => found && other)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return misfit('An object belongs here.')
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(shape, name)) return { ok: false, at: toPointer([...path, name]), detail: 'This member is unknown.' }
  }
  for (const [name, inner] of Object.entries(shape)) {
    const at = [...path, name]
    if (!Object.hasOwn(value, name)) return { ok: false, at: toPointer(at), detail: 'This member is missing.' }
    const found = findMisfit(value[name]!, inner, at)
    if (found !== null) return found
  }
  return null
}
