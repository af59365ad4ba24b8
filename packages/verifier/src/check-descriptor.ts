import { readDescriptor } from './descriptor.ts'
import { sha256Hex } from './hashes.ts'
import type { Check } from './receipt-check.ts'

/** The descriptor is the one that the revision names, and is about this kind of action. */
export const checkDescriptor: Check<'payload', 'descriptor'> = ({ descriptor: text, revision }, { payload }) => {
  const where = 'descriptor'
  const named = revision.descriptor
  if (text === null && named === null) return { descriptor: null }
  if (text === null) return { where, detail: 'the revision names a descriptor, and there is none' }
  if (named === null) return { where, detail: 'the revision names no descriptor, and there is one' }
  const descriptor = readDescriptor(text)
  if (typeof descriptor === 'string') return { where, detail: descriptor }
  const hash = sha256Hex(text)
  if (hash !== named.sha256) return { where: 'revision.descriptor.sha256', detail: `the descriptor has the hash ${hash}` }
  if (descriptor.id !== named.id) return { where: 'revision.descriptor.id', detail: `the descriptor is ${descriptor.id}` }
  if (descriptor.version !== named.version)
    return { where: 'revision.descriptor.version', detail: `the descriptor has version ${descriptor.version}` }
  if (descriptor.provider !== payload.provider || descriptor.operation !== payload.operation) {
    return { where, detail: 'it describes another kind of action than the payload is' }
  }
  return { descriptor }
}
