/**
 * `node rotate-key.ts NEW_KEY_FILE`: the key of AUTOPACK_CHECKPOINT_PRIVATE_KEY announces the one in NEW_KEY_FILE, which is made when it is not
 * there. From then on only the new one writes in this folder, and the old one is not believed above the size of the last checkpoint. The writer is
 * stopped meanwhile. Exit 0: announced, 1: not possible, 2: no file named, 78: configuration.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import { signRotation } from '@autopack/checkpoint/rotation-note'
import { lockDirectory } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { readConfiguration } from '../environment.ts'
import { writeNote } from '../note-folder.ts'
import { openFolder } from '../open-folder.ts'
import { writeState } from '../writer-state.ts'

const [file, ...rest] = process.argv.slice(2)
if (file === undefined || rest.length > 0)
  stopWith('node rotate-key.ts NEW_KEY_FILE\n\nThe file of the new private key; it is made when it is not there.', 2)
const reading = readConfiguration(process.env)
if (!reading.ok) refuseToStart('rotate-key', reading.problems)
const { directory, key } = reading.configuration

try {
  const unlock = lockDirectory(directory)
  // Whatever ends this: another container would wait for a lock that stays.
  process.once('exit', unlock)
  try {
    const { state, saved } = await openFolder(directory, key)
    if (!state.checkpoint && state.key_id === null)
      stopWith('Nothing was signed yet: put the new key in place of the old one, there is nothing to announce.')
    // The old key alone can announce the new one: whoever destroyed it now could never sign in this folder again.
    if (!state.checkpoint)
      stopWith(
        'What was signed is given up, and nothing was signed since: start the writer with the old key, and announce the new one once it has signed.',
      )
    const newKey = readOrMake(file, key.verifierKey.name)
    const rotation = { no: (state.rotation?.no ?? 0) + 1, note: signRotation(state.checkpoint.size, key, newKey) }
    // The state first: from now on the old key is not this folder's, whatever happens to the file.
    await writeState(directory, { ...state, key_id: newKey.verifierKey.keyId, rotation, above: state.checkpoint.size }, [saved])
    await writeNote(directory, 'rotation', rotation.no, rotation.note)
    console.log(`From size ${state.checkpoint.size + 1} on, this key signs:\n\n${newKey.verifierKey.text}\n`)
    console.log(`Let AUTOPACK_CHECKPOINT_PRIVATE_KEY_FILE of the writer name ${file}, destroy the old key and its copies, and start the writer.`)
    console.log('Once the audit log has audit.checkpoint_key_rotated, put the key above in place of the old one in AUTOPACK_CHECKPOINT_KEYS.')
  } finally {
    unlock()
  }
} catch (error) {
  stopWith(error instanceof Error ? error.message : String(error))
}

function readOrMake(path: string, name: string): PrivateNoteKey {
  if (!existsSync(path)) writeFileSync(path, `${createPrivateKeyText(name)}\n`, { mode: 0o600, flag: 'wx' })
  const newKey = readPrivateKey(readFileSync(path, 'utf8').trim())
  if (!newKey) stopWith(`${path} holds no private key of a signed note.`)
  if (newKey.verifierKey.name !== name) stopWith(`The key in ${path} is for ${newKey.verifierKey.name}, this log is ${name}.`)
  if (newKey.verifierKey.keyId === key.verifierKey.keyId) stopWith(`${path} holds the key that is to be replaced.`)
  return newKey
}

function stopWith(sentence: string, status = 1): never {
  console.error(sentence)
  process.exit(status)
}
