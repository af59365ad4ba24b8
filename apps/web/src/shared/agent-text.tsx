import { toVisibleText } from '@autopack/approval-proof/visible-text'
import { Fragment } from 'react'

/**
 * Text that an agent or a person wrote, raw: isolated, and with every hidden character written out, so that a name cannot pretend to be
 * another. `lines` keeps line breaks.
 */
export function AgentText({ text, lines = false }: { text: string; lines?: boolean }) {
  return (
    <span className={lines ? 'v block' : 'v'} dir="auto">
      <VisibleText text={toVisibleText(text, lines).text} />
    </span>
  )
}

/** The same for places that take no elements: titles and labels. */
export function toAgentWords(text: string): string {
  return toVisibleText(text, false).text
}

/** Text in which hidden characters are already written as `⟨U+202E⟩`: those are marked, nothing else is touched. */
export function VisibleText({ text }: { text: string }) {
  return text.split(/(⟨U\+[0-9A-F]{4,6}⟩)/).map((piece, place) =>
    place % 2 === 0 ? (
      <Fragment key={place}>{piece}</Fragment>
    ) : (
      <mark className="hid" key={place}>
        {piece}
      </mark>
    ),
  )
}
