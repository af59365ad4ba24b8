import { AgentText } from '../../shared/agent-text.tsx'
import { formatBytes } from '../../shared/format-bytes.ts'
import type { LogResult } from '../../shared/evidence/check-order.ts'
import { toLogTitle } from '../../shared/evidence/verdict-title.ts'
import { formatCount } from '../../shared/format-count.ts'
import { formatExactDuration } from '../../shared/format-duration.ts'
import { Icon } from '../../shared/icon.tsx'
import { Link } from '../../shared/link.tsx'
import { Time } from '../../shared/time.tsx'
import { toTermAddress } from './audit-address.ts'

/** What a log was held against, in numbers. */
export type Grounds = {
  ofConsole: number
  ofReader: number
  ofBrowser: number
  /** Whose word the keys are. */
  keys: 'reader' | 'browser' | 'console'
  /** Checkpoints of the console that were not compared: given up after a restore, or older than those that were read. */
  givenUp: number
  more: boolean
  /** Whether the console gave up the very checkpoint that this browser kept. */
  keptGivenUp: boolean
  /** The size that the console has signed by now, and no comparison used; null: none that is larger than the log. */
  signedBeyond: number | null
  /** Whether what the reader gave is all about a log of another name than the console states. */
  another: boolean
}

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
  browser: 'the keys that this browser saw sign before',
  console: 'the key that the console itself states, as this browser knew none before',
} as const

type Props = {
  result: LogResult
  grounds: Grounds
  /** The log is this console's, so its entries have pages. */
  here?: boolean
  /** A file that what a query finds is exported to, by its beginning or its name: it leaves entries out. */
  extract?: boolean
}

/** The verdict in words, with where it fails, and what it rests on. Never more certain than what was compared. */
export function LogVerdict({ result: { verdict, bytes, tookMs }, grounds, here = false, extract = false }: Props) {
  const cost = `${formatBytes(bytes)} in ${formatExactDuration(tookMs)}`
  if (!verdict.ok) {
    const { reason, seq, until, detail } = verdict
    const isExtract = extract && (reason === 'missing' || reason === 'reordered')
    return (
      <div className="verdict" data-s={isExtract ? 'halted' : 'failed'}>
        <Icon name={isExtract ? 'halted' : 'failed'} />
        <div>
          {isExtract ? (
            <p className="verdict-title">
              <strong>Not verified: this is an extract.</strong> What a query finds leaves entries out, so the chain cannot be followed through it.
            </p>
          ) : (
            <p className="verdict-title">
              <strong>Does not hold{seq === null ? '' : ` at ${formatCount(seq)}`}.</strong> {faultTitles[reason]}.
            </p>
          )}
          <p>
            <AgentText text={`${capitalise(detail)}.`} />
          </p>
          {isExtract && <p>An admin can take the whole log, which is what can be verified: Export on the audit page, “NDJSON for the verifier”.</p>}
          {!here && reason === 'missing' && !isExtract && <p>A file with what a query found looks like this, too: it is no log as a whole.</p>}
          {!here && reason === 'rewritten' && grounds.ofConsole > 0 && (
            <p>It was held against this console’s checkpoints. Is it the log of another one, give the key and a checkpoint of that one below.</p>
          )}
          {here && reason === 'checkpoint_key' && grounds.another && (
            <p>
              What you gave is about a log of another name than this console says that its own has. If it is for this log, the log was replaced. If it
              is for another one, take it out below and verify again.
            </p>
          )}
          {reason === 'checkpoint_key' && grounds.keys !== 'console' && !(here && grounds.another) && (
            <p>Checkpoints from before a new key are signed by the one before it: whoever gives the new one alone believes none of those.</p>
          )}
          {grounds.keptGivenUp && (
            <p>
              The checkpoint that this browser kept is one that the console gave up after{' '}
              <Link to={toTermAddress('did', 'audit.restored')}>a restore</Link>. If you know of that restore, let the browser forget it, below.
            </p>
          )}
          {seq !== null && !isExtract && (
            <p>
              {seq > 1 && `Everything before ${formatCount(seq)} holds together. `}
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
            {!isExtract && 'Keep a copy of the log as it is now, and of every checkpoint you have. '}Checked with {keyWords[grounds.keys]}; {cost}.
          </p>
        </div>
      </div>
    )
  }
  const { count, head, checkpoints } = verdict
  const newest = checkpoints.at(-1)
  const { mark, title } = toLogTitle(verdict)
  const trusted = mark === 'ok'
  return (
    <div className="verdict" data-s={mark}>
      <Icon name={mark} />
      <div>
        <p className="verdict-title">
          <strong>{title}</strong> {formatCount(count)} {count === 1 ? 'event' : 'events'} from the first on, each with the hash of what it says.
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
                ` The last ${formatCount(count - newest.size)} ${count - newest.size === 1 ? 'event is' : 'events are'} under none of them: anybody may have written ${count - newest.size === 1 ? 'it' : 'those'}, or cut off more.`}
            </p>
            <p className={trusted ? 'muted' : undefined}>
              Believed {grounds.keys === 'console' ? 'was' : 'were'} {keyWords[grounds.keys]}.
              {!trusted && ' Compare it with one that you got from elsewhere: '}
              {!trusted && <code>{newest.key}</code>}
            </p>
          </>
        )}
        <Uncompared grounds={grounds} count={count} />
        <p className="muted">
          Head <code>{head.slice(0, 16)}…</code>
          <span className="dot" />
          {cost}
        </p>
      </div>
    </div>
  )
}

/** What the console has signed and this check did not use. */
function Uncompared({ grounds: { givenUp, more, signedBeyond }, count }: { grounds: Grounds; count: number }) {
  return (
    <>
      {signedBeyond !== null && signedBeyond > count && (
        <p>
          It ends at {formatCount(count)}, and this console has signed {formatCount(signedBeyond)} by now: whether its end was cut off is not shown.
        </p>
      )}
      {givenUp > 0 && (
        <p>
          Not compared: {formatCount(givenUp)} {givenUp === 1 ? 'checkpoint' : 'checkpoints'} that the console gave up after{' '}
          <Link to={toTermAddress('did', 'audit.restored')}>a restore</Link>.
        </p>
      )}
      {more && <p className="muted">Older checkpoints of the console were not read.</p>}
    </>
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
