import { formatBytes } from '../../shared/format-bytes.ts'
import type { LogResult } from '../../shared/evidence/check-order.ts'
import { formatCount } from '../../shared/format-count.ts'
import { formatExactDuration } from '../../shared/format-duration.ts'
import { Icon } from '../../shared/icon.tsx'
import { Link } from '../../shared/link.tsx'
import { Time } from '../../shared/time.tsx'

/** What a log was held against, in numbers. `keys`: whose word they are. */
export type Grounds = { ofConsole: number; ofReader: number; ofBrowser: number; keys: 'reader' | 'browser' | 'console' }

const faultTitles = {
  changed: 'An entry was changed',
  missing: 'Entries are missing',
  inserted: 'An entry was put in',
  reordered: 'Entries changed places',
  malformed: 'A line cannot be read',
  cut: 'The end was cut off',
  rewritten: 'The log was written anew',
  checkpoint_key: 'A checkpoint is not believed',
} as const

const keyWords = {
  reader: 'keys that you gave',
  browser: 'the key that this browser knew from its first check',
  console: 'the key that the console itself states, as this browser knew none before',
} as const

/** The verdict in words, with where it fails. `here`: the log is this console's, so its entries have pages. */
export function LogVerdict({ result: { verdict, bytes, tookMs }, grounds, here = false }: { result: LogResult; grounds: Grounds; here?: boolean }) {
  const cost = `${formatBytes(bytes)} in ${formatExactDuration(tookMs)}`
  if (!verdict.ok) {
    const { reason, seq, until, detail } = verdict
    return (
      <div className="verdict" data-s="failed" role="alert">
        <Icon name="failed" />
        <div>
          <p className="verdict-title">
            <strong>Does not hold{seq === null ? '' : ` at ${formatCount(seq)}`}.</strong> {faultTitles[reason]}.
          </p>
          <p>{capitalise(detail)}.</p>
          {seq !== null && (
            <p>
              {seq > 1 && `Everything before ${formatCount(seq)} holds. `}
              {here && reason !== 'cut' && <Link to={`/audit/${seq}`}>Look at entry {formatCount(seq)}</Link>}
              {here && until !== null && seq > 1 && (
                <>
                  {' '}
                  <Link to={`/audit/${seq - 1}`}>and at the last that holds</Link>
                </>
              )}
            </p>
          )}
          <p className="muted">
            Keep a copy of the log as it is now, and of every checkpoint you have. Checked with {keyWords[grounds.keys]}; {cost}.
          </p>
        </div>
      </div>
    )
  }
  const { count, head, checkpoints } = verdict
  const newest = checkpoints.at(-1)
  return (
    <div className="verdict" data-s="ok" role="status">
      <Icon name="ok" />
      <div>
        <p className="verdict-title">
          <strong>{newest === undefined ? 'The chain holds.' : 'Intact.'}</strong> {formatCount(count)} {count === 1 ? 'event' : 'events'}, no gap,
          each with the hash of what it says.
        </p>
        {newest === undefined ? (
          <p>No checkpoint was there to compare with: that its end was not cut off, and that it was not written anew as a whole, is not shown.</p>
        ) : (
          <>
            <p>
              It holds against {formatCount(checkpoints.length)} {checkpoints.length === 1 ? 'checkpoint' : 'checkpoints'}
              {toOriginWords(grounds)}, the newest of {formatCount(newest.size)} events, signed <Time at={newest.time} form="clock" /> with key{' '}
              <code>ed25519 {newest.key_id}</code>.
              {count > newest.size &&
                ` The last ${formatCount(count - newest.size)} ${count - newest.size === 1 ? 'event is' : 'events are'} not under a checkpoint yet.`}
            </p>
            <p className="muted">Believed was {keyWords[grounds.keys]}.</p>
          </>
        )}
        <p className="muted">
          Head <code>{head.slice(0, 16)}…</code>
          <span className="dot" />
          {cost}
        </p>
      </div>
    </div>
  )
}

function toOriginWords({ ofConsole, ofReader, ofBrowser }: Grounds): string {
  if (ofReader + ofBrowser === 0) return ''
  const parts = [
    ofConsole > 0 && `${formatCount(ofConsole)} of the console`,
    ofReader > 0 && `${formatCount(ofReader)} that you gave`,
    ofBrowser > 0 && `${formatCount(ofBrowser)} that this browser kept`,
  ]
  return ` (${parts.filter(Boolean).join(', ')})`
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
