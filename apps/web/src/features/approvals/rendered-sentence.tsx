import { Fragment } from 'react'
import { VisibleText } from '../../shared/agent-text.tsx'
import type { Proposal } from './read-proposal.ts'

/** The sentence as this browser made it from the bytes, with its values isolated; what it cannot say is marked. */
export function RenderedSentence({ proposal }: { proposal: Proposal }) {
  if (proposal.rendered === null) return <span className="redact-tail">send bytes that this console cannot read</span>
  return proposal.rendered.sentence.map((part, place) => {
    if (part.value) {
      return (
        <b className="v" dir="auto" key={place}>
          <VisibleText text={part.text} />
        </b>
      )
    }
    const words = part.text.replaceAll('«', '“').replaceAll('»', '”')
    const gap = words.search(/(, and|: none of its) .*explained$/)
    return gap === -1 ? (
      <Fragment key={place}>{words}</Fragment>
    ) : (
      <Fragment key={place}>
        {words.slice(0, gap)}
        <span className="redact-tail">{words.slice(gap)}</span>
      </Fragment>
    )
  })
}
