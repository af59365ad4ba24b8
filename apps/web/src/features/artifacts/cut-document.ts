import type { Block, Inline } from './markdown-document.ts'

/**
 * As much of the beginning of a document as a browser lays out at once: at most about `most` elements. Blocks that are shown whole are the
 * same objects as before, so that growing draws only what is new. `whole`: nothing was cut.
 */
export function cutDocument(blocks: readonly Block[], most: number): { blocks: Block[]; whole: boolean } {
  const shown: Block[] = []
  let room = most
  for (const block of blocks) {
    const size = countBlock(block)
    if (size > room) {
      // Only what is large itself is cut inside: half a sentence looks like an error.
      if (shown.length > 0 && size * 4 < most) return { blocks: shown, whole: false }
      const part = cutBlock(block, room)
      return { blocks: part ? [...shown, part] : shown, whole: false }
    }
    shown.push(block)
    room -= size
  }
  return { blocks: shown, whole: true }
}

const counted = new WeakMap<Block, number>()

function countBlock(block: Block): number {
  const known = counted.get(block)
  if (known !== undefined) return known
  const count = 1 + countInside(block)
  counted.set(block, count)
  return count
}

function countInside(block: Block): number {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return countInlines(block.children)
    case 'code':
      return block.pieces.length
    case 'quote':
      return sum(block.children, countBlock)
    case 'list':
      return sum(block.items, (item) => 1 + sum(item.children, countBlock))
    case 'table':
      return sum([block.head, ...block.rows], countRow)
    case 'rule':
      return 0
  }
}

const countRow = (row: readonly Inline[][]): number => 1 + sum(row, (cell) => 1 + countInlines(cell))
const countInlines = (inlines: readonly Inline[]): number => sum(inlines, countInline)

function countInline(inline: Inline): number {
  switch (inline.kind) {
    case 'text':
    case 'code':
      return inline.pieces.length
    case 'image':
    case 'break':
      return 1
    default:
      return 1 + countInlines(inline.children)
  }
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  let total = 0
  for (const item of items) total += count(item)
  return total
}

/** The beginning of a block; null: there is no room for any of it. */
function cutBlock(block: Block, room: number): Block | null {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return { ...block, children: takeInlines(block.children, room) }
    case 'code':
      return { ...block, pieces: block.pieces.slice(0, room) }
    case 'quote':
      return { ...block, children: cutDocument(block.children, room).blocks }
    case 'list':
      return { ...block, items: take(block.items, room, (item) => 1 + sum(item.children, countBlock)) }
    case 'table':
      return { ...block, rows: take(block.rows, room, countRow) }
    case 'rule':
      return null
  }
}

function take<T>(items: readonly T[], room: number, count: (item: T) => number): T[] {
  let left = room
  const end = items.findIndex((item) => (left -= count(item)) < 0)
  return items.slice(0, end === -1 ? items.length : end)
}

function takeInlines(inlines: readonly Inline[], room: number): Inline[] {
  const taken = take(inlines, room, countInline)
  const next = inlines[taken.length]
  // One run of text can be all there is.
  if (taken.length === 0 && next && 'pieces' in next) taken.push({ ...next, pieces: next.pieces.slice(0, room) })
  return taken
}
