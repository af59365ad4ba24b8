import { Fragment } from 'react'
import { VisibleText } from './agent-text.tsx'

/** A sentence of the ledger, with the values that stand between « and » as values: isolated, and with the quotes outside. */
export function SentenceText({ sentence, capital }: { sentence: string; capital?: boolean }) {
  const text = capital ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : sentence
  return text.split(/«([^»]*)»/).map((piece, place) =>
    place % 2 === 0 ? (
      <Fragment key={place}>{piece}</Fragment>
    ) : (
      <Fragment key={place}>
        “
        <b className="v" dir="auto">
          <VisibleText text={piece} />
        </b>
        ”
      </Fragment>
    ),
  )
}
