import { useEffect, useState } from 'react'
import { Icon } from './icon.tsx'

/** Copies `text`; says so with a tick for two seconds, and to screen readers. `words` shows a label beside the icon. */
export function CopyButton({ text, label, words }: { text: string; label: string; words?: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), 2_000)
    return () => clearTimeout(timer)
  }, [outcome])
  return (
    <button
      className={words ? 'btn quiet' : 'btn quiet iconbtn'}
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setOutcome('copied'),
          () => setOutcome('refused'),
        )
      }}
    >
      <Icon name={outcome === 'copied' ? 'ok' : 'copy'} />
      {words && <span>{words}</span>}
      <span className="sr" role="status">
        {outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'The browser did not allow copying' : ''}
      </span>
    </button>
  )
}
