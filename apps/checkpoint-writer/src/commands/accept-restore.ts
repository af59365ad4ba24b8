/**
 * `node accept-restore.ts`: the checkpoint writer goes on with the log as it is, after the control plane has accepted it (its command of the same
 * name, with the reason) and runs again: the log is read from its beginning, and has to say itself that the newest checkpoint of the folder was given
 * up; else nothing changes. Every note stays, that one under a second name, too, which nothing removes. The writer is stopped meanwhile. Exit 0:
 * accepted, 1: not possible, 2: something was said that it does not take, 78: configuration.
 */
import { lockDirectory } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { acceptRestore } from '../accept-restore.ts'
import { openControlPlane } from '../control-plane.ts'
import { readConfiguration } from '../environment.ts'
import { LogDiffers } from '../follow-log.ts'

if (process.argv.length > 2) stopWith('node accept-restore.ts\n\nThe reason is said to the control plane: its accept-restore comes first.', 2)
const reading = readConfiguration(process.env)
if (!reading.ok) refuseToStart('accept-restore', reading.problems)
const { directory, key, controlPlaneUrl, apiKey } = reading.configuration

try {
  const unlock = lockDirectory(directory)
  // Whatever ends this: another container would wait for a lock that stays.
  process.once('exit', unlock)
  try {
    const accepted = await acceptRestore(directory, key, openControlPlane(controlPlaneUrl, apiKey, new AbortController().signal))
    if (accepted === null) stopWith(`There is no checkpoint in ${directory} that could be given up.`)
    const { givenUp, size, above } = accepted
    console.log(`The checkpoint of size ${givenUp} is given up here. Start the writer: it goes on from size ${size}.`)
    if (size <= above) console.log(`This key took over at size ${above}: it signs once the log is longer than that.`)
  } finally {
    unlock()
  }
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof LogDiffers)) stopWith(`Nothing is changed: ${message}`)
  stopWith(
    [
      `Nothing is changed: ${message}.`,
      'Is this the right database, run accept-restore of the control plane. Did it accept another checkpoint, start the writer once, so that it hands',
      'over this one, and run both again. Is it the wrong database, bring the right one back: then there is nothing to accept.',
    ].join('\n'),
  )
}

function stopWith(sentence: string, status = 1): never {
  console.error(sentence)
  process.exit(status)
}
