/** What the reader brought: verifier keys, and checkpoints (signed notes). `unread`: the beginning of what is neither. */
export type KeptTexts = { keys: string[]; notes: string[]; unread: string | null }

const keyForm = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/
// The text, an empty line, and the lines of its signatures.
const noteForm = /[^\n]+\n(?:[^\n]+\n)*\n(?:— [^\n]+(?:\n|$))+/g

/** Sorts pasted text into keys and notes by their form alone; whether they are right is for the verifier to say. */
export function readKeptTexts(pasted: string): KeptTexts {
  const text = pasted.replaceAll('\r\n', '\n')
  const notes: string[] = []
  const keys: string[] = []
  let unread: string | null = null
  const rest = text.replaceAll(noteForm, (found) => {
    // Keys may stand right above a note.
    const lines = found.split('\n')
    const start = lines.findIndex((line) => !keyForm.test(line.trim()) && line.trim() !== '')
    keys.push(
      ...lines
        .slice(0, start)
        .map((line) => line.trim())
        .filter(Boolean),
    )
    const note = lines.slice(start).join('\n')
    notes.push(note.endsWith('\n') ? note : `${note}\n`)
    return '\n'
  })
  for (const line of rest.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    if (keyForm.test(line)) keys.push(line)
    else unread ??= line.slice(0, 40)
  }
  return { keys, notes, unread }
}
