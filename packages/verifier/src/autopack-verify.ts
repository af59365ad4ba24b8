#!/usr/bin/env node
/**
 * `autopack-verify FILE`: verifies the receipt of an action, or an exported audit log, offline. See `usage`. Prints what holds, or exactly
 * what does not, and exits with 0 when it is verified, 1 when it is not, 2 when nothing can be said, 3 when all of it holds in itself and there
 * is nothing to hold it against: no key that the reader trusts, or no checkpoint of a log.
 */
import { hash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readLines } from './read-lines.ts'
import { findNotes, isKeyText } from './read-notes.ts'
import { findLaterVersion } from './receipt.ts'
import { toLogLines, toReceiptLines } from './verdict-lines.ts'
import { verifyAuditLog } from './verify-audit-log.ts'
import type { AuditVerdict } from './verify-audit-log.ts'
import { verifyReceipt } from './verify-receipt.ts'
import type { ReceiptVerdict } from './verify-receipt.ts'
import { showText } from './visible-text.ts'

const usage = `usage: autopack-verify FILE [--key KEY|FILE]… [--checkpoint FILE]… [--rotation FILE]… [--log FILE] [--json]

FILE is a receipt or an exported audit log; - is standard input.
--key         a key that you trust (name+id+base64), got from somewhere else than FILE, or a file of such keys
--checkpoint  checkpoints that the log has to hold against (with --key)
--rotation    announcements of new keys of the log, the oldest first (with --key)
--log         the exported log beside a receipt: every event about the action in it has to be in the receipt
--json        the verdict as JSON

Ends with 0: verified; a log as far as the first line says. 1: something does not hold. 2: nothing can be said.
3: all of it holds in itself. You named no key that you trust, or no checkpoint of the log, so anybody may have made it.`

const { isTTY } = process.stderr
const quickly = {
  // One call, and twice as fast as what runs in browsers, too.
  sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'buffer'),
  onProgress: isTTY ? (count: number) => process.stderr.write(`\r${count.toLocaleString('en')} events hold so far`) : undefined,
}

/** Far more than any receipt has. */
const mostReceiptBytes = 32 * 1024 * 1024
const mostBlank = 65_536

class UsageError extends Error {}

try {
  const { file, log, json, named, ...brought } = readArguments()
  const input = file === '-' ? process.stdin : createReadStream(file)
  const { begins, chunks } = await peek(input)
  if (begins === '') throw new Error('it is empty.')
  if (isLog(begins)) {
    if (log !== null) throw new UsageError('--log is for a receipt: FILE is a log itself.')
    const verdict = await verifyLog(chunks, brought)
    print(verdict, toLogLines, json)
    if (verdict.ok && verdict.checkpoints.length === 0) process.exitCode = 3
  } else {
    if (log === null && named) throw new UsageError('A receipt brings its own checkpoint; another one is for its --log.')
    const verdict = await verifyReceiptBytes(chunks, brought, log)
    print(verdict, toReceiptLines, json)
    if (verdict.ok && verdict.facts.checkpoint.trust !== 'trusted') process.exitCode = 3
  }
} catch (error) {
  const detail = showText(error instanceof Error ? error.message : String(error), false).text
  console.error(error instanceof UsageError ? `${detail}\n\n${usage}` : `The file cannot be verified: ${detail}`)
  process.exitCode = 2
}

type Brought = { keys: string[]; checkpoints: string[]; rotations: string[] }

/** `named`: a checkpoint was asked for, and did not only stand beside a rotation. */
function readArguments(): Brought & { file: string; log: string | null; json: boolean; named: boolean } {
  const many = { type: 'string', multiple: true } as const
  let parsed
  try {
    const options = { key: many, checkpoint: many, rotation: many, log: { type: 'string' }, json: { type: 'boolean' } } as const
    parsed = parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  const { values, positionals } = parsed
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new UsageError('Name one file.')
  const { key = [], checkpoint = [], rotation = [], log = null, json = false } = values
  const keys = key.flatMap(readKeys)
  if (keys.length === 0 && checkpoint.length + rotation.length > 0)
    throw new UsageError('A checkpoint says nothing without a key that you trust: --key.')
  if (file === '-' && log === '-') throw new UsageError('Only one of the two files can be standard input.')
  const notes = [...checkpoint, ...rotation].map(readNotes)
  const checkpoints = notes.flatMap((found) => found.checkpoints)
  return { file, log, json, named: checkpoint.length > 0, keys, checkpoints, rotations: notes.flatMap(({ rotations }) => rotations) }
}

/** A key, or those that stand in a file. */
function readKeys(named: string): string[] {
  if (isKeyText(named)) return [named]
  const { keys } = findNotes(decodeUtf8(readFileSync(named)))
  if (keys.length === 0) throw new UsageError('There is no key in a file that was named with --key.')
  return keys
}

/** The checkpoints and rotations in a file. A key in it is not believed for that: whoever hands over a log may have written it there. */
function readNotes(path: string): Pick<Brought, 'checkpoints' | 'rotations'> {
  const { checkpoints, rotations, unread } = findNotes(decodeUtf8(readFileSync(path)))
  if (unread.length > 0 || checkpoints.length + rotations.length === 0)
    throw new UsageError('A file holds something else than checkpoints and rotations.')
  return { checkpoints, rotations }
}

/** The first characters that are no white space, of which there may not be any amount before them, and all bytes, those included. */
async function peek(input: AsyncIterable<Uint8Array>): Promise<{ begins: string; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let begins = ''
  let blank = 0
  while (begins.length < 100) {
    const { done, value } = await iterator.next()
    if (done === true) break
    read.push(value)
    const decoded = begins + decoder.decode(value, { stream: true })
    begins = decoded.replace(/^[ \t\r\n]+/, '')
    blank += decoded.length - begins.length
    if (blank > mostBlank) throw new Error(`it begins with more than ${mostBlank} characters of white space.`)
  }
  const chunks = (async function* () {
    yield* read
    for (;;) {
      const { done, value } = await iterator.next()
      if (done === true) return
      yield value
    }
  })()
  return { begins, chunks }
}

/** By its first member. What begins like neither is read as a log, which says at which line it is none. */
function isLog(begins: string): boolean {
  const member = /^\{[ \t\r\n]*"([^"\\]*)"/.exec(begins)?.[1]
  return member === undefined ? !begins.startsWith('{') : ['seq', 'prev', 'hash', 'event'].includes(member)
}

async function verifyLog(chunks: AsyncIterable<Uint8Array>, { keys, ...notes }: Brought): Promise<AuditVerdict> {
  const verdict = await verifyAuditLog(readLines(chunks), { trustedKeys: keys, ...notes, ...quickly })
  if (isTTY) process.stderr.write('\r\u001b[K')
  return verdict
}

async function verifyReceiptBytes(chunks: AsyncIterable<Uint8Array>, { keys, ...notes }: Brought, log: string | null): Promise<ReceiptVerdict> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > mostReceiptBytes) throw new Error('it is too large for a receipt.')
    read.push(chunk)
  }
  const text = decodeUtf8(Buffer.concat(read))
  const later = findLaterVersion(text)
  if (later !== null) throw new Error(`it is ${later}, which came after this verifier: take a newer one.`)
  const lines = log === null ? undefined : readLines(log === '-' ? process.stdin : createReadStream(log))
  const verdict = await verifyReceipt(text, { trustedKeys: keys, ...notes, log: lines, ...quickly })
  if (isTTY && log !== null) process.stderr.write('\r\u001b[K')
  return verdict
}

/** Throws where a replaced character would be judged instead of the bytes that are there. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Error('it is not UTF-8.')
  }
}

function print<V extends { ok: boolean }>(verdict: V, toLines: (verdict: V) => string[], json: boolean): void {
  console.log(json ? toPlainJson(verdict) : toLines(verdict).join('\n'))
  if (!verdict.ok) process.exitCode = 1
}

/** JSON in ASCII alone: a terminal that shows it obeys nothing in it. */
function toPlainJson(verdict: object): string {
  return JSON.stringify(verdict).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
