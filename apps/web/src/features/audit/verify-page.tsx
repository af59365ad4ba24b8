import { lazy, Suspense, useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { Link } from '../../shared/link.tsx'
import { Icon } from '../../shared/icon.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { keepKnownLog, useKnownLog } from '../../shared/evidence/last-check.ts'
import { Time } from '../../shared/time.tsx'
import { VerifierDownload } from '../../shared/evidence/verifier-download.tsx'
import { EvidenceTrouble } from './evidence-trouble.tsx'
import { readKeptTexts } from './kept-texts.ts'
import { VerifyLog } from './verify-log.tsx'
import './audit-page.css'
import './verify-page.css'

const CheckFile = lazy(async () => ({ default: (await import('./check-file.tsx')).CheckFile }))

/** `/audit/verify`: the chain, a receipt or a file, checked in this browser by the verifier that strangers use. */
export function VerifyPage() {
  const [kept, setKept] = useState('')
  const texts = readKeptTexts(kept)
  return (
    <>
      <PageTitle>Verify</PageTitle>
      <div className="pagehead">
        <Link className="btn quiet iconbtn" to="/audit" aria-label="To the audit log">
          <Icon name="arrow-l" />
        </Link>
        <h1>Verify</h1>
        <span className="total">whether what was written is still what is there</span>
      </div>
      <EvidenceTrouble />
      <div className="verifypage">
        <section aria-labelledby="verify-log">
          <h2 id="verify-log">This log</h2>
          <VerifyLog kept={texts} />
        </section>
        <section aria-labelledby="file" className="verifyfile">
          <h2 id="file" tabIndex={-1}>
            A receipt, an exported log, or what to check with
          </h2>
          <Suspense fallback={<Skeleton rows={2} label="Reading the page" />}>
            <CheckFile kept={texts} onKept={(text) => setKept((before) => (before.trim() === '' ? text : `${before.trimEnd()}\n\n${text}`))} />
          </Suspense>
        </section>
        <section aria-labelledby="kept">
          <h2 id="kept">Against what you kept yourself</h2>
          <div className="field">
            <label htmlFor="kept-text">Keys, checkpoints and announcements of new keys, as you got them from somewhere else than this console</label>
            <textarea
              className="input mono"
              id="kept-text"
              rows={4}
              spellCheck={false}
              autoComplete="off"
              placeholder="localhost:4600/audit+7c1f00e0+AQ… or a whole checkpoint"
              value={kept}
              aria-describedby="kept-hint"
              onChange={(event) => setKept(event.target.value)}
            />
            <p className="hint" id="kept-hint">
              {toKeptHint(texts)}
            </p>
          </div>
          <Known />
        </section>
        <section aria-labelledby="elsewhere">
          <h2 id="elsewhere">Without this console</h2>
          <VerifierDownload />
        </section>
      </div>
    </>
  )
}

function toKeptHint({ keys, notes, rotations, unread }: ReturnType<typeof readKeptTexts>): string {
  if (unread !== null) return `“${toAgentWords(unread)}” is neither a verifier key nor a signed note: it is left out.`
  if (keys.length + notes.length + rotations.length === 0)
    return 'Without them the keys are only what this console says they are, and what this browser saw before.'
  const parts = [
    keys.length > 0 && `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`,
    notes.length > 0 && `${notes.length} ${notes.length === 1 ? 'checkpoint' : 'checkpoints'}`,
    rotations.length > 0 && `${rotations.length} ${rotations.length === 1 ? 'announcement' : 'announcements'} of a new key`,
  ]
  const held =
    notes.length === 0
      ? 'every check on this page is held against them.'
      : 'a log is held against all of them, a receipt against the keys and against a checkpoint of the size of its own.'
  return `${parts.filter(Boolean).join(', ')} of yours: ${held}`
}

/** What the checks of this browser are held against by themselves. */
function Known() {
  const known = useKnownLog()
  if (known === null) {
    return (
      <p className="muted">This browser remembers nothing yet. After the first check of the log that holds, every later one has to agree with it.</p>
    )
  }
  return (
    <div className="besides">
      <p className="muted">
        This browser remembers what it saw since <Time at={known.since} form="clock" />
        {known.note === null
          ? ', and no checkpoint yet.'
          : `: ${known.keys.length === 1 ? 'the key that signed' : `${known.keys.length} keys that signed`}, and the largest checkpoint that held. A log has to agree with them, a receipt with the key and with a checkpoint of the size of its own. Keys that you give count instead of what it saw sign.`}
      </p>
      <button className="btn" type="button" onClick={() => keepKnownLog(null)}>
        Forget it
      </button>
    </div>
  )
}
