import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import type { OutlineEntry } from './markdown-document.ts'

const mostListed = 200

/** The headings of a long document, beside it where there is room. */
export function DocumentOutline({ outline, search, current }: { outline: readonly OutlineEntry[]; search: string; current: string }) {
  const highest = Math.min(...outline.map((entry) => entry.level))
  return (
    <nav className="outline" aria-label="Headings of this document">
      <ul>
        {outline.slice(0, mostListed).map((entry) => (
          <li key={entry.id} data-depth={Math.min(3, entry.level - highest)}>
            <Link
              to={{ search, hash: `#${encodeURIComponent(entry.id)}` }}
              replace
              dir="auto"
              aria-current={entry.id === current ? 'location' : undefined}
              title={toAgentWords(entry.text)}
            >
              <VisibleText text={toAgentWords(entry.text) || 'heading without words'} />
            </Link>
          </li>
        ))}
      </ul>
      {outline.length > mostListed && <p className="muted">and {formatCount(outline.length - mostListed)} more</p>}
    </nav>
  )
}
