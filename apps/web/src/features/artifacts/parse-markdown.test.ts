import { describe, expect, test } from 'vitest'
import { processorMs } from '../../test/processor-ms.ts'
import { parseMarkdown, toSlug } from './parse-markdown.ts'

const text = (words: string) => ({ kind: 'text', pieces: [{ kind: 'text', text: words }] })
const paragraph = (...children: object[]) => ({ kind: 'paragraph', children })
const blocks = (source: string) => parseMarkdown(source).blocks
const chip = '[redacted · api_key · #a41c7e05]'
const chipPiece = { kind: 'chip', rule: 'api_key', fingerprint: 'a41c' }

describe('what a report is made of', () => {
  test('headings, with an address of their own each', () => {
    expect(parseMarkdown('# Größe & Maß\n\n## Teil `a`\n\nTeil a\n------\n')).toMatchObject({
      blocks: [
        { kind: 'heading', level: 1, id: 'doc-größe--maß', children: [text('Größe & Maß')] },
        { kind: 'heading', level: 2, id: 'doc-teil-a' },
        { kind: 'heading', level: 2, id: 'doc-teil-a~1' },
      ],
      outline: [
        { level: 1, id: 'doc-größe--maß', text: 'Größe & Maß' },
        { level: 2, id: 'doc-teil-a', text: 'Teil a' },
        { level: 2, id: 'doc-teil-a~1', text: 'Teil a' },
      ],
    })
    expect(toSlug('  A b-c_d! ')).toBe('a-b-c_d')
  })

  test('lists inside lists, numbered ones from their number, and tasks', () => {
    expect(blocks('3. a\n   - [x] done\n   - [ ] open\n   - [y] neither\n')).toEqual([
      {
        kind: 'list',
        start: 3,
        items: [
          {
            checked: null,
            children: [
              paragraph(text('a')),
              {
                kind: 'list',
                start: null,
                items: [
                  { checked: true, children: [paragraph(text('done'))] },
                  { checked: false, children: [paragraph(text('open'))] },
                  { checked: null, children: [paragraph(text('[y] neither'))] },
                ],
              },
            ],
          },
        ],
      },
    ])
  })

  test('tables with their alignment', () => {
    expect(blocks('| a | b |\n| --- | ---: |\n| 1 | **2** |\n')).toEqual([
      {
        kind: 'table',
        align: [null, 'right'],
        head: [[text('a')], [text('b')]],
        rows: [[[text('1')], [{ kind: 'strong', children: [text('2')] }]]],
      },
    ])
  })

  test('code, quotes, rules, emphasis, line ends, links and images', () => {
    expect(blocks('```ts extra\nconst a = `x`\n\tb\n```\n\n> *a* ~~b~~\n\n---\n\n`c`  \nd [e](https://x.example/ü "t") ![f](g.png)')).toEqual([
      { kind: 'code', language: 'ts', pieces: [{ kind: 'text', text: 'const a = `x`\n\tb' }] },
      { kind: 'quote', children: [paragraph({ kind: 'em', children: [text('a')] }, text(' '), { kind: 'del', children: [text('b')] })] },
      { kind: 'rule' },
      paragraph(
        { kind: 'code', pieces: [{ kind: 'text', text: 'c' }] },
        { kind: 'break' },
        text('d '),
        { kind: 'link', target: 'https://x.example/%C3%BC', children: [text('e')] },
        text(' '),
        { kind: 'image', target: 'g.png', alt: 'f' },
      ),
    ])
  })

  test('a bare address is a link that shows itself as it is written', () => {
    expect(blocks('see https://xn--pple-43d.example/a now, not www.example.com or a@b.example')).toEqual([
      paragraph(
        text('see '),
        { kind: 'link', target: 'https://xn--pple-43d.example/a', children: [text('https://xn--pple-43d.example/a')] },
        text(' now, not www.example.com or a@b.example'),
      ),
    ])
  })

  test('nothing at all is an empty document', () => {
    expect(parseMarkdown('')).toEqual({ blocks: [], outline: [], tooDeep: false })
  })
})

describe('what is hostile', () => {
  test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'file:///etc/passwd'])(
    'a link to %s stays text',
    (target) => {
      expect(JSON.stringify(blocks(`[click](<${target}>)`))).not.toContain('"link"')
    },
  )

  test('HTML of every kind is text', () => {
    for (const html of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'a <b onclick="x">b</b>', '<!-- hidden -->', '<svg/onload=x>']) {
      expect(JSON.stringify(blocks(html))).toContain(JSON.stringify(html).slice(1, 6))
      expect(JSON.stringify(blocks(html))).not.toMatch(/"kind":"(html|image|link)"/)
    }
    expect(blocks('<!-- hidden -->')).toEqual([paragraph(text('<!-- hidden -->'))])
  })

  test('hidden characters are escapes, also those that are written as character references', () => {
    const hidden = { kind: 'hidden', escape: 'U+202E', name: 'right-to-left override' }
    expect(blocks('a\u202eb')).toEqual([paragraph({ kind: 'text', pieces: [{ kind: 'text', text: 'a' }, hidden, { kind: 'text', text: 'b' }] })])
    expect(JSON.stringify(blocks('a&#x202e;b'))).toContain('"escape":"U+202E"')
    expect(JSON.stringify(blocks('`a\u202eb`'))).toContain('"escape":"U+202E"')
  })

  test('a redaction is a chip in text, in code, in tables, and before a bracket that would make it a link', () => {
    expect(blocks(`key ${chip}(https://x.example)`)).toEqual([
      paragraph({ kind: 'text', pieces: [{ kind: 'text', text: 'key ' }, chipPiece, { kind: 'text', text: '(' }] }, expect.anything(), text(')')),
    ])
    for (const source of [`\`${chip}\``, `    ${chip}`, `| a |\n| - |\n| ${chip} |`, `**${chip}**`, `# ${chip}`, `[a ${chip}](https://x.example)`]) {
      expect(JSON.stringify(blocks(source)), source).toContain(JSON.stringify(chipPiece))
    }
  })

  test('what character references spell like a chip is no chip', () => {
    for (const source of ['&#91;redacted · api_key · #a41c7e05]', '[red&#97;cted · api_key · #a41c7e05]', '\\[redacted · api_key · #a41c7e05\\]']) {
      expect(JSON.stringify(blocks(source)), source).not.toContain('"chip"')
    }
  })

  test('a heading cannot take the address of an element of the console', () => {
    expect(parseMarkdown('# root\n\n# doc-root').outline.map((entry) => entry.id)).toEqual(['doc-root', 'doc-doc-root'])
  })

  const depthOf = (value: unknown): number =>
    value !== null && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value as object).map(depthOf)) : 0

  test.each([
    ['quotes', '> '.repeat(5_000) + 'deep'],
    ['lists', '- '.repeat(5_000) + 'deep'],
    ['a list that goes in by two spaces', Array.from({ length: 300 }, (_, n) => `${'  '.repeat(n)}- a`).join('\n')],
  ])('five thousand %s inside each other end where nobody reads on, and the document says so', (_what, source) => {
    const document = parseMarkdown(source)
    expect(document.tooDeep).toBe(true)
    expect(depthOf(document)).toBeLessThan(200)
  })

  test('a document that is not too deep does not say so', () => {
    expect(parseMarkdown('> - > - a').tooDeep).toBe(false)
  })

  test('emphasis inside emphasis keeps its text and ends where nobody sees a difference', () => {
    const source = `${'*a '.repeat(3_000)}deep${' a*'.repeat(3_000)}`
    const document = parseMarkdown(source)
    expect(depthOf(document)).toBeGreaterThan(20)
    expect(depthOf(document)).toBeLessThan(100)
    expect(JSON.stringify(document)).toContain('deep')
  })

  test.each([
    '*',
    '_',
    '**a ',
    '*a_ ',
    '`',
    '` a',
    '[',
    '![',
    '[](',
    '[a](b',
    '[a]: b\n',
    '<',
    '</',
    '&',
    '|',
    '| - ',
    '~',
    '\\',
    '(',
    'https://',
    '#',
    '```\n',
    '- \n',
    '1. ',
    '> \n',
    '\ta\n',
    '<!--',
    '[redacted · ',
  ])('a text of nothing but %j takes time in proportion to its length', (part) => {
    const measure = (length: number) => processorMs(() => parseMarkdown(part.repeat(Math.ceil(length / part.length))))
    const small = Math.min(measure(15_000), measure(15_000))
    expect(Math.min(measure(60_000), measure(60_000))).toBeLessThan(Math.max(500, small * 12))
  })
})
