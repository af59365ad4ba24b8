import { expect, test } from 'vitest'
import { cutDocument } from './cut-document.ts'
import { parseMarkdown } from './parse-markdown.ts'

const countElements = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((total: number, item) => total + countElements(item), 0)
  if (value === null || typeof value !== 'object') return 0
  return ('kind' in value || 'checked' in value ? 1 : 0) + Object.values(value).reduce((total: number, item) => total + countElements(item), 0)
}

test('A document that fits is shown whole, block by block the same', () => {
  const { blocks } = parseMarkdown('# a\n\nb\n\n- c\n')
  const cut = cutDocument(blocks, 100)
  expect(cut.whole).toBe(true)
  expect(cut.blocks).toEqual(blocks)
  expect(cut.blocks.every((block, place) => block === blocks[place])).toBe(true)
})

test.each([
  ['many paragraphs', 'a paragraph\n\n'.repeat(2_000)],
  ['one long list', '- an item\n'.repeat(2_000)],
  ['one long table', `| a | b |\n| - | - |\n${'| 1 | 2 |\n'.repeat(2_000)}`],
  ['one long quote', '> a line\n>\n'.repeat(2_000)],
  ['one paragraph of many pieces', '*a* b '.repeat(2_000)],
  ['one run of hidden characters', 'a\u200b'.repeat(2_000)],
  ['one code block of hidden characters', `\`\`\`\n${'a\u200b'.repeat(2_000)}\n\`\`\``],
])('%s: about as much is shown as there is room for, and it says that there is more', (_what, source) => {
  const { blocks } = parseMarkdown(source)
  const cut = cutDocument(blocks, 500)
  expect(cut.whole).toBe(false)
  const count = countElements(cut.blocks)
  expect(count).toBeGreaterThan(200)
  expect(count).toBeLessThan(1_100)
  expect(cutDocument(blocks, 100_000).whole).toBe(true)
})
