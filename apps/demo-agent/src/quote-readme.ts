import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

export type Quotation = { path: string; sentence: string }

/** In the order in which they are preferred. */
const readmeNames = ['readme.md', 'readme.markdown', 'readme.txt', 'readme']
const headBytes = 64 * 1024
const longestSentence = 300

/**
 * The first sentence of the README at the top of the workspace: what its owners say it is. Null: there is none, or it says nothing.
 * Never follows a link that took the file's place meanwhile.
 */
export async function quoteReadme(workspace: string, files: ReadonlyArray<{ path: string }>): Promise<Quotation | null> {
  const found = readmeNames.flatMap((name) => files.find(({ path }) => path.toLowerCase() === name) ?? [])[0]
  if (found === undefined) return null
  try {
    const handle = await open(join(workspace, found.path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      const sentence = findFirstSentence(buffer.toString('utf8', 0, bytesRead))
      return sentence === null ? null : { path: found.path, sentence }
    } finally {
      await handle.close()
    }
  } catch {
    // It went away since the walk: there is nothing to quote.
    return null
  }
}

/** The first sentence of running text, on one line, cut at 300 characters: not a heading, a picture, a list, a quotation, code or markup. */
export function findFirstSentence(markdown: string): string | null {
  const running = markdown
    .replace(/\r\n?/g, '\n')
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    // A title may be underlined instead of marked.
    .replace(/^.+\n(=+|-+) *$/gm, '')
  for (const paragraph of running.split(/\n\s*\n/)) {
    const lines = paragraph.split('\n').filter((line) => !/^\s*(#|!\[|\[!|\[.*\]:|[-*+>|] |\||<|\d+\. |---|\*\*\*)/.test(line))
    const text = lines
      .join(' ')
      .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
    if (!/\p{L}/u.test(text)) continue
    const sentence = /^.*?[.!?…。](?=\s|$)/u.exec(text)?.[0] ?? text
    const characters = Array.from(sentence)
    return characters.length > longestSentence
      ? `${characters
          .slice(0, longestSentence - 1)
          .join('')
          .trimEnd()}…`
      : sentence
  }
  return null
}
