import { memo, type ReactNode } from 'react'
import { CopyButton } from '../../shared/copy-button.tsx'
import { Inlines } from './document-inlines.tsx'
import { LinePieces } from './line-pieces.tsx'
import type { Block } from './markdown-document.ts'
import type { LinePiece } from './parse-line.ts'
import { ScrollRegion } from './scroll-region.tsx'

/** One block of a document. Its headings come under the page's own, so each is one level deeper. */
const DocumentBlock = memo(function DocumentBlock({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(6, block.level + 1)}` as 'h2'
      return (
        <Heading id={block.id} data-level={block.level} tabIndex={-1} dir="auto">
          <Inlines inlines={block.children} />
        </Heading>
      )
    }
    case 'paragraph':
      return (
        <p dir="auto">
          <Inlines inlines={block.children} />
        </p>
      )
    case 'code':
      return (
        <div className="doccode">
          <ScrollRegion className="scrollx" label={block.language === null ? 'Code' : `Code in ${block.language}`}>
            <pre>
              <code>
                <LinePieces pieces={block.pieces} />
              </code>
            </pre>
          </ScrollRegion>
          <CopyButton text={block.pieces.map(toPieceSource).join('')} label="Copy this code" />
        </div>
      )
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.children} />
        </blockquote>
      )
    case 'list':
      return <DocumentList block={block} />
    case 'table':
      return <DocumentTable block={block} />
    case 'rule':
      return <hr />
  }
})

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) => <DocumentBlock key={index} block={block} />)
}

function DocumentList({ block }: { block: Block & { kind: 'list' } }) {
  const items = block.items.map(({ checked, children }, index) => (
    <li key={index} className={checked === null ? undefined : 'task'}>
      {checked !== null && <input type="checkbox" checked={checked} readOnly disabled aria-label={checked ? 'done' : 'not done'} />}
      <Blocks blocks={children} />
    </li>
  ))
  return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
}

function DocumentTable({ block }: { block: Block & { kind: 'table' } }) {
  const alignOf = (column: number) => block.align[column] ?? undefined
  return (
    <ScrollRegion className="scrollx" label={`Table of ${block.align.length} columns`}>
      <table>
        <thead>
          <tr>
            {block.head.map((cell, column) => (
              <th key={column} scope="col" data-align={alignOf(column)} dir="auto">
                <Inlines inlines={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} data-align={alignOf(column)} dir="auto">
                  <Inlines inlines={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

/** What stands in the text, as far as it is known: the digits that prove a chip are not kept. */
function toPieceSource(piece: LinePiece): string {
  if (piece.kind === 'text') return piece.text
  if (piece.kind === 'chip') return `[redacted · ${piece.rule} · #${piece.fingerprint}]`
  return String.fromCodePoint(Number.parseInt(piece.escape.slice(2), 16))
}
