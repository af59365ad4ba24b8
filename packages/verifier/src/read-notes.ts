/** Verifier keys, checkpoints and rotations, as they stand one after the other in a text; only their form is looked at. */
export type FoundNotes = { keys: string[]; checkpoints: string[]; rotations: string[]; /** What is none of them. */ unread: string[] }

const key = /^[!-*,-~]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{40,}={0,2}$/

/** Whether a text has the form of a verifier key. */
export function isKeyText(text: string): boolean {
  return key.test(text)
}

/** Finds keys, each on a line, and notes, each from its first line to the last of its signatures, in any order. */
export function findNotes(text: string): FoundNotes {
  const found: FoundNotes = { keys: [], checkpoints: [], rotations: [], unread: [] }
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  let note: string[] = []
  for (const [place, line] of lines.entries()) {
    if (note.length === 0 && isKeyText(line.trim())) found.keys.push(line.trim())
    else if (note.length > 0 || line.trim() !== '') note.push(line)
    if (!line.startsWith('— ') || lines[place + 1]?.startsWith('— ') === true) continue
    const whole = `${note.join('\n')}\n`
    if (whole.startsWith('autopack-checkpoint-key/')) found.rotations.push(whole)
    else found.checkpoints.push(whole)
    note = []
  }
  if (note.some((line) => line.trim() !== '')) found.unread.push(note.join('\n'))
  return found
}
