/**
 * `node accept-restore.ts REASON`: the checkpoint writer goes on with the log as it is, after the control plane has accepted it (its command of the
 * same name): the log is read from its beginning, and has to say itself that the last checkpoint was given up. Every note stays; the last one under
 * a second name, too, which nothing removes. The writer is stopped meanwhile. Exit 0: accepted, 1: not possible, 2: no reason, 78: configuration.
 */
import { lockDirectory } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { readConfiguration } from '../environment.ts'
import { findNewestCheckpoint, keepForGood } from '../note-folder.ts'
import { readCheckpointNote } from '@autopack/checkpoint/checkpoint-note'
import { emptyState, readState, writeState } from '../writer-state.ts'

const reason = process.argv.slice(2).join(' ').trim()
if (reason === '' || reason.length > 1_000)
  stopWith('node accept-restore.ts REASON\n\nSay in up to 1000 characters why the log goes on from an earlier state.', 2)
const reading = readConfiguration(process.env)
if (!reading.ok) refuseToStart('accept-restore', reading.problems)
const { directory } = reading.configuration

try {
  const unlock = lockDirectory(directory)
  try {
    const newest = await findNewestCheckpoint(directory)
    const read = newest && readCheckpointNote(newest.text)
    if (!read) stopWith(`There is no checkpoint in ${directory} that could be given up.`)
    const { size, head } = read.checkpoint
    const state = await readState(directory)
    await keepForGood(directory, newest.no)
    await writeState(directory, { ...emptyState, last_no: newest.no, rotation: state?.rotation ?? null, restored: { head, reason } })
    console.log(`The checkpoint of size ${size} is given up here. Start the writer: it reads the log anew, and signs when the log says so, too.`)
  } finally {
    unlock()
  }
} catch (error) {
  stopWith(error instanceof Error ? error.message : String(error))
}

function stopWith(sentence: string, status = 1): never {
  console.error(sentence)
  process.exit(status)
}
