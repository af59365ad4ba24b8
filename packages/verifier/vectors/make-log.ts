/** Logs, checkpoints and rotations for tests, made apart from the code that checks them. */
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { canonicalize } from '@autopack/approval-proof/canonical-json'

export type MadeEntry = { seq: number; prev: string; hash: string; event: Record<string, unknown> }
export type NoteKey = { name: string; privateKey: KeyObject; verifierKey: string; keyId: Buffer }

export const origin = 'localhost:4600/audit'
const sha256 = (...parts: Array<Buffer | string>) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** The hash that the log gives to an event at this place. */
export function hashEntry(seq: number, prev: string, event: unknown): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(seq))
  return sha256(Buffer.of(1), bytes, Buffer.from(prev, 'hex'), canonicalize(event)).toString('hex')
}

/** Chains events after those that are there. */
export function chain(events: ReadonlyArray<Record<string, unknown>>, before: readonly MadeEntry[] = []): MadeEntry[] {
  const log = [...before]
  for (const event of events) {
    const seq = log.length + 1
    const prev = log.at(-1)?.hash ?? '0'.repeat(64)
    log.push({ seq, prev, hash: hashEntry(seq, prev, event), event })
  }
  return log
}

/** The entries as they are exported, one a line. */
export function toLines(log: readonly MadeEntry[]): string[] {
  return log.map(({ seq, prev, hash, event }) => `{"seq":${seq},"prev":"${prev}","hash":"${hash}","event":${canonicalize(event)}}`)
}

export function makeNoteKey(name = origin): NoteKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url')
  const typed = Buffer.concat([Buffer.of(1), raw])
  const keyId = sha256(`${name}\n`, typed).subarray(0, 4)
  return { name, privateKey, keyId, verifierKey: `${name}+${keyId.toString('hex')}+${typed.toString('base64')}` }
}

/** A note that these keys signed. */
export function signNote(text: string, keys: readonly NoteKey[]): string {
  const lines = keys.map((key) => `— ${key.name} ${Buffer.concat([key.keyId, sign(null, Buffer.from(text), key.privateKey)]).toString('base64')}\n`)
  return `${text}\n${lines.join('')}`
}

/** Subtrees that are whole, by their place and size: a log has many checkpoints over the same ones. */
type WholeTrees = Map<string, Buffer>

/** The root over the first `size` entries (RFC 9162, section 2.1.1), written as the definition there is. */
export function makeRoot(log: ReadonlyArray<Pick<MadeEntry, 'hash'>>, size = log.length, whole: WholeTrees = new Map()): Buffer {
  const walk = (from: number, count: number): Buffer => {
    const name = `${from} ${count}`
    const known = whole.get(name)
    if (known !== undefined) return known
    const half = splitOf(count)
    const hash =
      count === 1 ? treeHash([Buffer.from(log[from]!.hash, 'hex')]) : sha256(Buffer.of(1), walk(from, half), walk(from + half, count - half))
    if (count === 1 || half * 2 === count) whole.set(name, hash)
    return hash
  }
  return walk(0, size)
}

/** The inclusion proof of the entry at `place`, counted from 0, in hex (RFC 9162, section 2.1.3.1). */
export function makePath(place: number, log: ReadonlyArray<Pick<MadeEntry, 'hash'>>): string[] {
  const walk = (at: number, leaves: readonly Buffer[]): Buffer[] => {
    if (leaves.length === 1) return []
    const half = splitOf(leaves.length)
    return at < half
      ? [...walk(at, leaves.slice(0, half)), treeHash(leaves.slice(half))]
      : [...walk(at - half, leaves.slice(half)), treeHash(leaves.slice(0, half))]
  }
  return walk(
    place,
    log.map(({ hash }) => Buffer.from(hash, 'hex')),
  ).map((hash) => hash.toString('hex'))
}

function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!)
  const half = splitOf(leaves.length)
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)))
}

/** The largest power of two below a count. */
function splitOf(count: number): number {
  let half = 1
  while (half * 2 < count) half *= 2
  return half
}

const checkpointTime = '2026-11-23T12:00:00.000Z'

export function makeCheckpoint(log: ReadonlyArray<Pick<MadeEntry, 'hash'>>, size: number, keys: readonly NoteKey[], time = checkpointTime): string {
  return makeCheckpoints(log, [size], keys, time)[0]!
}

export function makeCheckpoints(
  log: ReadonlyArray<Pick<MadeEntry, 'hash'>>,
  sizes: readonly number[],
  keys: readonly NoteKey[],
  time = checkpointTime,
): string[] {
  const whole: WholeTrees = new Map()
  return sizes.map((size) => {
    const root = makeRoot(log, size, whole).toString('base64')
    return signNote(`${keys[0]!.name}\n${size}\n${root}\nhead ${log[size - 1]!.hash}\ntime ${time}\n`, keys)
  })
}

/** `signers`: the old and the new key, as a rotation needs. */
export function makeRotation(next: NoteKey, size: number, signers: readonly NoteKey[]): string {
  return signNote(`autopack-checkpoint-key/1\n${next.name}\n${next.verifierKey}\n${size}\n`, signers)
}
