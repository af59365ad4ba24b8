import { fromBase64 } from './base64.ts'
import { followRotations } from './believed-keys.ts'
import type { BelievedKey } from './believed-keys.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { isMoment } from './moment.ts'
import { listSigners, NoteError, readSignedNote, readVerifierKey } from './signed-note.ts'
import type { SignedNote, VerifierKey } from './signed-note.ts'

/** What a checkpoint says: the log `origin` had `size` entries; `root` and `head` are hashes in hex, `time` is by the clock of the writer. */
export type Checkpoint = { origin: string; size: number; root: string; head: string; time: string }

/**
 * A checkpoint and the key that is believed to have signed it. `trust`: by the reader, or only the word of whoever made the file. `key` is the
 * whole of it: the eight digits of `key_id` are too few to compare a key by that is only stated.
 */
export type BelievedCheckpoint = Checkpoint & { key_id: string; key: string; trust: 'trusted' | 'stated' }

/** Whose keys count: those the reader trusts, or, where they trust none, the first of those that are stated. All are verifier keys and notes. */
export type KeyFacts = { trusted: readonly string[]; stated: readonly string[]; rotations: readonly string[] }

/**
 * Reads the text of a checkpoint (five lines: origin, size, root in base64, head, time); no signature is checked. Throws {@link NoteError}.
 */
export function readCheckpoint(note: string): Checkpoint & { note: SignedNote } {
  const read = readSignedNote(note)
  const [origin = '', sizeText = '', rootText = '', headLine = '', timeLine = '', ...others] = read.text.slice(0, -1).split('\n')
  const size = Number(sizeText)
  const root = fromBase64(rootText)
  const head = /^head ([0-9a-f]{64})$/.exec(headLine)?.[1]
  const time = timeLine.startsWith('time ') ? timeLine.slice(5) : ''
  if (!/^[1-9][0-9]*$/.test(sizeText) || !Number.isSafeInteger(size)) throw new NoteError('The checkpoint has no size in its second line.')
  if (root?.length !== 32) throw new NoteError('The checkpoint has no root of 32 bytes in its third line.')
  if (head === undefined || !isMoment(time) || others.length > 0) throw new NoteError('The checkpoint does not end with its head and its time.')
  return { origin, size, root: bytesToHex(root), head, time, note: read }
}

/**
 * The checkpoints that believed keys signed, in the order of their sizes. Throws {@link NoteError} for the first that is none, and
 * MissingWebCryptoError where nothing can be said.
 */
export async function believeCheckpoints(notes: readonly string[], facts: KeyFacts): Promise<BelievedCheckpoint[]> {
  if (notes.length === 0) return []
  const trust = facts.trusted.length > 0 ? 'trusted' : 'stated'
  // What cannot be read as a key is refused also where nothing follows from it: it would be shown as what the deployment says.
  const stated = facts.stated.map((text) => readVerifierKey(text))
  const roots: VerifierKey[] = trust === 'trusted' ? facts.trusted.map((text) => readVerifierKey(text)) : stated.slice(0, 1)
  if (roots.length === 0) throw new NoteError('There is no key to check the checkpoint with.')
  const keys = await followRotations(roots, facts.rotations)
  const believed: BelievedCheckpoint[] = []
  for (const text of notes) believed.push({ ...(await believeCheckpoint(text, keys)), trust })
  return believed.toSorted((one, other) => one.size - other.size)
}

async function believeCheckpoint(text: string, keys: readonly BelievedKey[]): Promise<Checkpoint & { key_id: string; key: string }> {
  const { note, ...checkpoint } = readCheckpoint(text)
  const signers = await listSigners(note, keys)
  const ofLog = signers.filter(({ name }) => name === checkpoint.origin)
  const key = ofLog.find(({ from, until }) => from <= checkpoint.size && checkpoint.size <= until)
  if (key !== undefined) return { ...checkpoint, key_id: key.keyId, key: key.text }
  const [late] = ofLog
  if (late !== undefined) {
    const range = late.until === Infinity ? `above ${late.from - 1}` : `from ${late.from} to ${late.until}`
    throw new NoteError(`The key ${late.name}+${late.keyId} is believed for sizes ${range}, and the checkpoint is of size ${checkpoint.size}.`)
  }
  if (signers.length > 0) throw new NoteError(`The checkpoint is about the log ${checkpoint.origin}, and was signed for another one.`)
  throw new NoteError('No key that is believed signed the checkpoint.')
}
