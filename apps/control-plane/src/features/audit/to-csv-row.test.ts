import { createLog } from '@autopack/server-kit/log'
import { describe, expect, test } from 'vitest'
import { streamText } from './stream-text.ts'
import { toCell } from './to-csv-row.ts'

describe('a cell of a CSV', () => {
  test.each([
    ['=1+1', `"'=1+1"`],
    ['+49 30', `"'+49 30"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\ttext', `"'\ttext"`],
    ['  =1', `"'  =1"`],
    ['\n=1', `"'\n=1"`],
    ['\u00a0=1', `"'\u00a0=1"`],
    ['\u3000=1', `"'\u3000=1"`],
    ['＝cmd', `"'＝cmd"`],
    ['＋1', `"'＋1"`],
    ['－1', `"'－1"`],
    ['＠x', `"'＠x"`],
  ])('that a spreadsheet would run is text: %j', (text, cell) => expect(toCell(text)).toBe(cell))

  test.each([
    ['say "no", twice', '"say ""no"", twice"'],
    ['a\nb', '"a\nb"'],
    ['\r=1', '"⟨U+000D⟩=1"'],
    ['a\rb', '"a⟨U+000D⟩b"'],
    ['\u202eelbisrever', '"⟨U+202E⟩elbisrever"'],
    ['\u200b=1', '"⟨U+200B⟩=1"'],
    ['\ufeff=1', `"⟨U+FEFF⟩=1"`],
    ['\u001b]0;title\u0007', '"⟨U+001B⟩]0;title⟨U+0007⟩"'],
    ['half \ud800', '"half \ufffd"'],
    ['Grüße 💥 a-b=c', '"Grüße 💥 a-b=c"'],
    [17, '17'],
    [null, ''],
    [undefined, ''],
  ])('has nothing that hides or moves, and quotes as RFC 4180 has them: %j', (value, cell) => {
    // U+FFFD is among what is written out, too: it stands for what was lost.
    expect(toCell(value).replace('⟨U+FFFD⟩', '\ufffd')).toBe(cell)
  })
})

test('a stream whose making fails is cut off, and never ends as if it were all', async () => {
  const lines: string[] = []
  const log = createLog({ name: 'test', level: 'info', secrets: [], destination: { write: (line) => void lines.push(line) } })
  async function* failing() {
    yield 'first\n'
    throw new Error('the database\nis gone')
  }
  const reader = streamText(log, failing(), 'an export').getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first\n')
  await expect(reader.read()).rejects.toThrow('an export failed')
  // One line of the log, whatever the failure says.
  expect(lines).toHaveLength(1)
  expect(lines[0]!.trimEnd()).not.toContain('\n')
})
