import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'
import type { Align, Block, Inline, ListItem, MarkdownDocument, OutlineEntry } from './markdown-document.ts'
import { parseLine } from './parse-line.ts'
import type { LinePiece } from './parse-line.ts'

/** Quotes and lists inside each other; nobody reads deeper, and a browser does not lay it out. */
const deepestBlock = 32
const deepestInline = 12

const markdown = new MarkdownIt({ html: false, linkify: true, maxNesting: deepestBlock })
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
// An address is shown as it stands in the text: decoded, it could look like another.
markdown.normalizeLinkText = (address) => address
// Before links: a chip before a bracket is no link, and only what stands in the text as a chip is one, not what character references spell.
markdown.inline.ruler.before('link', 'chip', (state, silent) => {
  chipHere.lastIndex = state.pos
  const match = chipHere.exec(state.src)
  if (match === null) return false
  if (!silent) state.push('chip', '', 0).content = match[0]
  state.pos += match[0].length
  return true
})
const chipHere = /\[redacted · [a-z0-9_]{1,40} · #[0-9a-f]{8}\]/y

/** CommonMark with tables, strike-through, task lists and bare addresses; HTML is text. Throws nothing on any text. */
export function parseMarkdown(text: string): MarkdownDocument {
  const reader = new DocumentReader(markdown.parse(text, {}))
  return { blocks: reader.readBlocks(), outline: reader.outline, tooDeep: reader.tooDeep }
}

/** Reads the flat list of tokens into a tree. */
class DocumentReader {
  readonly outline: OutlineEntry[] = []
  tooDeep = false
  #at = 0
  readonly #ids = new Map<string, number>()
  readonly #tokens: Token[]

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  /** Up to the end of the container that is open. */
  readBlocks(): Block[] {
    const blocks: Block[] = []
    for (let token = this.#next(); token !== undefined && token.nesting !== -1; token = this.#next()) {
      const block = this.#readBlock(token)
      if (block) blocks.push(block)
    }
    return blocks
  }

  #next(): Token | undefined {
    const token = this.#tokens[this.#at]
    this.#at += 1
    return token
  }

  #readBlock(token: Token): Block | null {
    switch (token.type) {
      case 'heading_open':
        return this.#readHeading(Number(token.tag.slice(1)))
      case 'paragraph_open':
        return { kind: 'paragraph', children: this.#readInline() }
      case 'fence':
      case 'code_block':
        return { kind: 'code', language: /^\S{1,40}/.exec(token.info)?.[0] ?? null, pieces: parseLine(token.content.replace(/\n$/, '')) }
      case 'blockquote_open':
        this.#noteDepth(token)
        return { kind: 'quote', children: this.readBlocks() }
      case 'bullet_list_open':
        return { kind: 'list', start: null, items: this.#readItems() }
      case 'ordered_list_open':
        return { kind: 'list', start: Number(token.attrGet('start') ?? 1), items: this.#readItems() }
      case 'table_open':
        return this.#readTable()
      case 'hr':
        return { kind: 'rule' }
      default:
        return null
    }
  }

  /** Inside of what opens at the last level the parser looks at nothing more. */
  #noteDepth(token: Token): void {
    if (token.level + 1 >= deepestBlock) this.tooDeep = true
  }

  /** The inline content of a block of one, and its end. */
  #readInline(): Inline[] {
    const token = this.#next()
    this.#next()
    return toInlines(token?.children ?? [])
  }

  #readHeading(level: number): Block {
    const children = this.#readInline()
    const text = toPlainText(children).trim()
    const id = this.#toId(text)
    this.outline.push({ level, id, text })
    return { kind: 'heading', level, id, children }
  }

  /** Its own for each heading, and never that of an element of the console. */
  #toId(text: string): string {
    const slug = `doc-${toSlug(text)}`
    const before = this.#ids.get(slug) ?? 0
    this.#ids.set(slug, before + 1)
    return before === 0 ? slug : `${slug}~${before}`
  }

  #readItems(): ListItem[] {
    const items: ListItem[] = []
    for (let token = this.#next(); token !== undefined && token.nesting === 1; token = this.#next()) {
      this.#noteDepth(token)
      items.push(toItem(this.readBlocks()))
    }
    return items
  }

  #readTable(): Block {
    const rows: Inline[][][] = []
    const align: Align[] = []
    let depth = 1
    let row: Inline[][] = []
    while (depth > 0) {
      const token = this.#next()
      if (token === undefined) break
      depth += token.nesting
      if (token.type === 'tr_open') {
        row = []
        rows.push(row)
      }
      if (token.type === 'th_open') align.push(toAlign(token))
      if (token.type === 'inline') row.push(toInlines(token.children ?? []))
    }
    return { kind: 'table', align, head: rows[0] ?? [], rows: rows.slice(1) }
  }
}

/** For addresses inside the document: letters and digits of any script. */
export function toSlug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .trim()
    .replaceAll(' ', '-')
    .slice(0, 80)
}

function toAlign(token: Token): Align {
  return (/^text-align:(left|center|right)$/.exec(String(token.attrGet('style') ?? ''))?.[1] as Align | undefined) ?? null
}

/** A list item that begins with a box is a task. */
function toItem(children: Block[]): ListItem {
  const first = children[0]
  const lead = first?.kind === 'paragraph' ? first.children[0] : undefined
  const head = lead?.kind === 'text' ? lead.pieces[0] : undefined
  const box = head?.kind === 'text' ? /^\[([ xX])\](?:[ \t]|$)/.exec(head.text) : null
  if (!box || head?.kind !== 'text') return { checked: null, children }
  head.text = head.text.slice(box[0].length)
  return { checked: box[1] !== ' ', children }
}

const marks: Record<string, 'strong' | 'em' | 'del'> = { strong_open: 'strong', em_open: 'em', s_open: 'del' }

/** Not recursive: emphasis may be opened a hundred thousand times. What stands too deep keeps its text and loses its emphasis. */
function toInlines(tokens: readonly Token[]): Inline[] {
  const root: Inline[] = []
  const open: (Inline[] | null)[] = []
  let here = root
  let depth = 0
  for (const token of tokens) {
    if (token.nesting === 1) {
      const container = toContainer(token)
      if (container === null || depth >= deepestInline) {
        open.push(null)
        continue
      }
      here.push(container)
      open.push(here)
      here = container.children
      depth += 1
    } else if (token.nesting === -1) {
      const outer = open.pop()
      if (!outer) continue
      here = outer
      depth -= 1
    } else addLeaf(here, token)
  }
  return root
}

function toContainer(token: Token): (Inline & { children: Inline[] }) | null {
  const mark = marks[token.type]
  if (mark) return { kind: mark, children: [] }
  if (token.type === 'link_open') return { kind: 'link', target: String(token.attrGet('href') ?? ''), children: [] }
  return null
}

function addLeaf(into: Inline[], token: Token): void {
  switch (token.type) {
    case 'code_inline':
      into.push({ kind: 'code', pieces: parseLine(token.content) })
      return
    case 'image':
      into.push({ kind: 'image', target: String(token.attrGet('src') ?? ''), alt: toPlainText(toInlines(token.children ?? [])) })
      return
    case 'hardbreak':
      into.push({ kind: 'break' })
      return
    case 'chip':
      addPieces(into, parseLine(token.content))
      return
    case 'softbreak':
      addPieces(into, [{ kind: 'text', text: '\n' }])
      return
    default:
      if (token.content !== '') addPieces(into, parseLine(token.content, false))
  }
}

function addPieces(into: Inline[], pieces: LinePiece[]): void {
  const last = into.at(-1)
  if (last?.kind !== 'text') into.push({ kind: 'text', pieces })
  else last.pieces.push(...pieces)
}

/** What a reader would say aloud, for outlines and labels. */
function toPlainText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
        case 'code':
          return inline.pieces.map(toPieceText).join('')
        case 'image':
          return inline.alt
        case 'break':
          return ' '
        default:
          return toPlainText(inline.children)
      }
    })
    .join('')
}

function toPieceText(piece: LinePiece): string {
  if (piece.kind === 'text') return piece.text
  return piece.kind === 'chip' ? `redacted · ${piece.rule}` : piece.escape
}
