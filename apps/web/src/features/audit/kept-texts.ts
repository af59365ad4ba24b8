/**
 * What the reader brought: verifier keys, checkpoints and rotations (signed notes), each in their order. `unread`: the beginning of what is
 * none of them.
 */
export type KeptTexts = { keys: string[]; notes: string[]; rotations: string[]; unread: string | null }

const keyForm = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/

/** Sorts pasted text by its form alone, line by line; whether it is right is for the verifier to say. */
export function readKeptTexts(pasted: string): KeptTexts {
  const kept: KeptTexts = { keys: [], notes: [], rotations: [], unread: null }
  const lines = pasted.replaceAll('\r\n', '\n').split('\n')
  // A note: its text, an empty line, and the lines of its signatures.
  let text: string[] = []
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place]!
    if (text.length === 0 && keyForm.test(line.trim())) kept.keys.push(line.trim())
    else if (line.trim() !== '') text.push(line)
    else if (text.length > 0) {
      const start = place + 1
      while (lines[place + 1]?.startsWith('— ')) place += 1
      if (place + 1 === start) kept.unread ??= shorten(text[0]!)
      else
        (text[0]!.startsWith('autopack-checkpoint-key/') ? kept.rotations : kept.notes).push(
          [...text, '', ...lines.slice(start, place + 1), ''].join('\n'),
        )
      text = []
    }
  }
  if (text.length > 0) kept.unread ??= shorten(text[0]!)
  return kept
}

function shorten(line: string): string {
  return line.trim().slice(0, 40)
}
