import type { VerifierKey } from './note-keys.ts'
import { readRotationNote } from './rotation-note.ts'
import { listSigners } from './signed-note.ts'

/** `newKeyId` took the place of `oldKeyId` at `size`; `note` is the announcement. */
export type KeyRotation = { oldKeyId: string; newKeyId: string; size: number; note: string }

export type Belief = {
  /** Believed from size 1 on, whatever was announced. */
  trusted: readonly VerifierKey[]
  /** Those, and the keys that were announced. */
  keys: readonly VerifierKey[]
  /** In the order they came. */
  rotations: readonly KeyRotation[]
}

/**
 * Whom to believe who trusts `trusted` and has seen `notes`, the oldest first: a rotation counts when a key that is believed at its size and the
 * new one signed it. Each key is followed once, and follows once. What does not count is left out.
 */
export function followRotations(trusted: readonly VerifierKey[], notes: readonly string[]): Belief {
  const keys = [...trusted]
  const rotations: KeyRotation[] = []
  for (const text of notes) {
    const read = readRotationNote(text)
    if (!read) continue
    const { newKey, origin, size } = read.rotation
    const signers = listSigners(read.note, [...keys.filter(({ keyId }) => keyId !== newKey.keyId), newKey])
    const old = signers.find(({ keyId, name }) => keyId !== newKey.keyId && name === origin)
    if (!old || !signers.includes(newKey)) continue
    if (rotations.some(({ oldKeyId, newKeyId }) => oldKeyId === old.keyId || newKeyId === newKey.keyId)) continue
    // It may have signed nothing yet, but it has to have had the chance.
    if (findLeastSize({ trusted, keys, rotations }, old.keyId) > size + 1) continue
    rotations.push({ oldKeyId: old.keyId, newKeyId: newKey.keyId, size, note: text })
    if (!keys.some(({ keyId }) => keyId === newKey.keyId)) keys.push(newKey)
  }
  return { trusted, keys, rotations }
}

/** Why a key is not believed for a checkpoint of `size`, in words, or null. */
export function findKeyRefusal(belief: Belief, keyId: string, size: number): string | null {
  if (!belief.keys.some((key) => key.keyId === keyId)) return `The key ${keyId} is not one that is believed here.`
  const replaced = belief.rotations.find(({ oldKeyId }) => oldKeyId === keyId)
  if (replaced && size > replaced.size)
    return `The key ${keyId} was replaced by ${replaced.newKeyId} at size ${replaced.size}; it is not believed above that.`
  const least = findLeastSize(belief, keyId)
  return size < least ? `The key ${keyId} took over at size ${least - 1}; it is believed only above that.` : null
}

function findLeastSize({ trusted, rotations }: Belief, keyId: string): number {
  if (trusted.some((key) => key.keyId === keyId)) return 1
  return (rotations.find(({ newKeyId }) => newKeyId === keyId)?.size ?? 0) + 1
}
