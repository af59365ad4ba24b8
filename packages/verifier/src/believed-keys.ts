import { isSameKey, listSigners, NoteError, readSignedNote, readVerifierKey } from './signed-note.ts'
import type { VerifierKey } from './signed-note.ts'

/** A key, and for checkpoints of which sizes it is believed. */
export type BelievedKey = VerifierKey & { from: number; until: number }

/** What a rotation says: `next` signs for sizes above `size`. */
type Rotation = { origin: string; next: VerifierKey; size: number }

const header = 'autopack-checkpoint-key/1'

/** Reads the text of a rotation; no signature is checked. Throws {@link NoteError}. */
function readRotation(note: string): Rotation {
  const [version, origin = '', nextText = '', sizeText = '', ...others] = readSignedNote(note).text.slice(0, -1).split('\n')
  const size = Number(sizeText)
  if (version !== header || others.length > 0) throw new NoteError(`A rotation does not have the four lines of ${header}.`)
  if (!/^(?:0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size)) throw new NoteError('A rotation has no size in its fourth line.')
  const next = readVerifierKey(nextText)
  if (next.name !== origin) throw new NoteError('A rotation names a key of another log.')
  return { origin, next, size }
}

/**
 * The keys that are believed by whoever believes `roots`, after the rotations in their order. A rotation by a key that is not believed is
 * skipped; one by a key that is must be signed by both, and a key hands over once. Throws {@link NoteError}, and MissingWebCryptoError.
 */
export async function followRotations(roots: readonly VerifierKey[], notes: readonly string[]): Promise<BelievedKey[]> {
  const keys: BelievedKey[] = roots.map((key) => ({ ...key, from: 1, until: Infinity }))
  const followed = new Map<string, string>()
  for (const text of notes) {
    const { origin, next, size } = readRotation(text)
    const note = readSignedNote(text)
    const before = (await listSigners(note, keys)).find((signer) => signer.name === origin && !isSameKey(signer, next))
    // What strangers say of each other is nothing to whoever believes neither: not even a broken signature of theirs.
    if (before === undefined) continue
    if ((await listSigners(note, [next])).length === 0) throw new NoteError(`The new key ${next.name}+${next.keyId} did not sign its rotation.`)
    const heir = `${next.text} ${size}`
    const earlier = followed.get(before.text)
    if (earlier === heir) continue
    if (earlier !== undefined) throw new NoteError(`The key ${before.name}+${before.keyId} hands over twice.`)
    if (size < before.from - 1) throw new NoteError(`The key ${before.name}+${before.keyId} hands over before it was believed.`)
    followed.set(before.text, heir)
    before.until = size
    if (!keys.some((known) => isSameKey(known, next))) keys.push({ ...next, from: size + 1, until: Infinity })
  }
  return keys
}
