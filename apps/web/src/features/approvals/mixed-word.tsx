import { Icon } from '../../shared/icon.tsx'
import { toSpelledWord } from './mixed-words.ts'

/** A word that may look like another one. */
export function MixedWord({ label, word }: { label?: string; word: string }) {
  return (
    <p className="mixed">
      <Icon name="warn" label="Finding" />
      <span>
        <b>Letters of two alphabets in one word</b>
        {label !== undefined && `, ${label}`}: <code>{toSpelledWord(word)}</code>
      </span>
    </p>
  )
}
