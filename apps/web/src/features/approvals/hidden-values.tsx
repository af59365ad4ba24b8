import { Icon } from '../../shared/icon.tsx'
import { MixedWord } from './mixed-word.tsx'
import { findMixedWords } from './mixed-words.ts'
import type { Proposal } from './read-proposal.ts'

const mostMixed = 5

/** What nobody sees by looking: what the provider gets besides the payload, and characters that are there and cannot be seen. */
export function HiddenValues({ proposal: { rendered, descriptor } }: { proposal: Proposal }) {
  if (rendered === null) return <>not known: the bytes cannot be read</>
  const fields = rendered.fields.filter((field) => field.hidden_characters > 0)
  const count = rendered.coverage.hidden_characters
  const mixed = rendered.fields.flatMap((field) => findMixedWords(field.value_text).map((word) => ({ label: field.label, word })))
  const besides = descriptor?.hidden ?? []
  return (
    <>
      {descriptor === null ? (
        <p>
          <Icon name="none" label="Could not check" /> <b>Not known.</b> Nobody has described what else the provider gets.
        </p>
      ) : besides.length === 0 ? (
        <p className="muted">nothing: the provider gets the payload, and no value that you cannot see</p>
      ) : (
        <>
          <p>{besides.length === 1 ? '1 value that you cannot see goes with it:' : `${besides.length} values that you cannot see go with it:`}</p>
          <ul className="checks">
            {besides.map(({ label, why }) => (
              <li key={label}>
                <Icon name="redact" />
                <span>
                  {label} <span className="muted">{why}</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {count + mixed.length > 0 && (
        <ul className="checks">
          {count > 0 && (
            <li>
              <Icon name="warn" label="Finding" />
              <span>
                <b>{count === 1 ? '1 invisible character' : `${count} invisible characters`}</b>, written out where they stand:{' '}
                {fields.map((field) => field.label).join(', ')}
              </span>
            </li>
          )}
          {mixed.slice(0, mostMixed).map(({ label, word }) => (
            <li key={`${label} ${word}`}>
              <MixedWord label={label} word={word} />
            </li>
          ))}
          {mixed.length > mostMixed && <li>and {mixed.length - mostMixed} more such words</li>}
        </ul>
      )}
    </>
  )
}
