#!/usr/bin/env node
/**
 * `autopack-verify FILE`: verifies the receipt of an action, or an exported audit log, offline. See `usage`. Prints what holds, or exactly
 * what does not, and exits with 0 when it is verified, 1 when it is not, 2 when nothing can be said.
 */
import { hash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readLines } from './read-lines.ts'
import { toLogLines, toReceiptLines } from './verdict-lines.ts'
import { verifyAuditLog } from './verify-audit-log.ts'
import type { AuditVerdict } from './verify-audit-log.ts'
import { verifyReceipt } from './verify-receipt.ts'
import type { ReceiptVerdict } from './verify-receipt.ts'
import { showText } from './visible-text.ts'

const usage = `usage: autopack-verify FILE [--key KEY]… [--checkpoint FILE]… [--rotation FILE]… [--json]

FILE is a receipt or an exported audit log; - is standard input.
--key         a key that you trust (name+id+base64), got from somewhere else than FILE
--checkpoint  a checkpoint that the log has to hold against (with --key)
--rotation    the announcement of a new key of the log, the oldest first (with --key)
--json        the verdict as JSON`

/** Far more than any receipt has. */
const mostReceiptBytes = 32 * 1024 * 1024

class UsageError extends Error {}

try {
  const { file, keys, checkpoints, rotations, json } = readArguments()
  const input = file === '-' ? process.stdin : createReadStream(file)
  const { begins, chunks } = await peek(input)
  if (begins === '') throw new Error('it is empty.')
  if (isLog(begins)) {
    print(await verifyLog(chunks, { keys, checkpoints, rotations }), toLogLines, json)
  } else {
    if (checkpoints.length > 0 || rotations.length > 0) throw new UsageError('A receipt brings its own checkpoint and rotations.')
    print(await verifyReceiptBytes(chunks, keys), toReceiptLines, json)
  }
} catch (error) {
  const detail = showText(error instanceof Error ? error.message : String(error), false).text
  console.error(error instanceof UsageError ? `${detail}\n\n${usage}` : `The file cannot be verified: ${detail}`)
  process.exitCode = 2
}

function readArguments() {
  const many = { type: 'string', multiple: true } as const
  let parsed
  try {
    const options = { key: many, checkpoint: many, rotation: many, json: { type: 'boolean' } } as const
    parsed = parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  const { values, positionals } = parsed
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new UsageError('Name one file.')
  const { key: keys = [], checkpoint = [], rotation = [], json = false } = values
  if (keys.length === 0 && checkpoint.length + rotation.length > 0)
    throw new UsageError('A checkpoint says nothing without a key that you trust: --key.')
  const read = (path: string) => readFileSync(path, 'utf8')
  return { file, keys, checkpoints: checkpoint.map(read), rotations: rotation.map(read), json }
}

/** The first characters that are no white space, and all bytes, those included. */
async function peek(input: AsyncIterable<Uint8Array>): Promise<{ begins: string; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let begins = ''
  while (begins.length < 100) {
    const { done, value } = await iterator.next()
    if (done === true) break
    read.push(value)
    begins = Buffer.concat(read).subarray(0, 65_536).toString('utf8').trimStart()
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
  const member = /^\{\s*"([^"\\]*)"/.exec(begins)?.[1]
  return member === undefined ? !begins.startsWith('{') : ['seq', 'prev', 'hash', 'event'].includes(member)
}

async function verifyLog(
  chunks: AsyncIterable<Uint8Array>,
  { keys, checkpoints, rotations }: { keys: string[]; checkpoints: string[]; rotations: string[] },
): Promise<AuditVerdict> {
  const { isTTY } = process.stderr
  const verdict = await verifyAuditLog(readLines(chunks), {
    trustedKeys: keys,
    checkpoints,
    rotations,
    // One call, and twice as fast as what runs in browsers, too.
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    onProgress: isTTY ? (count) => process.stderr.write(`\r${count.toLocaleString('en')} events hold so far`) : undefined,
  })
  if (isTTY) process.stderr.write('\r\u001b[K')
  return verdict
}

async function verifyReceiptBytes(chunks: AsyncIterable<Uint8Array>, trustedKeys: string[]): Promise<ReceiptVerdict> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > mostReceiptBytes) throw new Error('it is too large for a receipt.')
    read.push(chunk)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(read))
  } catch {
    return { ok: false, reason: 'malformed', where: '', detail: 'the file is not UTF-8', held: [] }
  }
  return verifyReceipt(text, { trustedKeys })
}

function print<V extends { ok: boolean }>(verdict: V, toLines: (verdict: V) => string[], json: boolean): void {
  console.log(json ? JSON.stringify(verdict) : toLines(verdict).join('\n'))
  if (!verdict.ok) process.exitCode = 1
}
