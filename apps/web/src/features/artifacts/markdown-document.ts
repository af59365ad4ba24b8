import type { LinePiece } from './parse-line.ts'

/** A Markdown text as what it says, for drawing: no tags, no addresses that a browser would follow by itself. */
export type MarkdownDocument = {
  blocks: Block[]
  outline: OutlineEntry[]
  /** Something stands too deep inside quotes or lists to be laid out; only the source has it. */
  tooDeep: boolean
}

export type OutlineEntry = { level: number; id: string; text: string }

export type Inline =
  | { kind: 'text'; pieces: LinePiece[] }
  | { kind: 'code'; pieces: LinePiece[] }
  | { kind: 'strong' | 'em' | 'del'; children: Inline[] }
  /** `target` as it was written, not trusted. */
  | { kind: 'link'; target: string; children: Inline[] }
  | { kind: 'image'; target: string; alt: string }
  | { kind: 'break' }

export type Align = 'left' | 'center' | 'right' | null
export type ListItem = { checked: boolean | null; children: Block[] }

export type Block =
  | { kind: 'heading'; level: number; id: string; children: Inline[] }
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'code'; language: string | null; pieces: LinePiece[] }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; start: number | null; items: ListItem[] }
  | { kind: 'table'; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' }
