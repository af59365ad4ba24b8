import { useState } from 'react'
import { Link } from '../../shared/link.tsx'
import { Icon } from '../../shared/icon.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { keepKnownLog, useKnownLog } from '../../shared/evidence/last-check.ts'
import { Time } from '../../shared/time.tsx'
import { VerifierDownload } from '../../shared/evidence/verifier-download.tsx'
import { CheckFile } from './check-file.tsx'
import { readKeptTexts } from './kept-texts.ts'
import { VerifyLog } from './verify-log.tsx'
import './audit-page.css'
import './verify-page.css'

/** `/audit/verify`: the chain, a receipt or a file, checked in this browser by the verifier that strangers use. */
export function VerifyPage() {
  const [kept, setKept] = useState('')
  const grounds = readKeptTexts(kept)
  return (
    <>
      <PageTitle>Verify</PageTitle>
      <div className="pagehead">
        <Link className="btn quiet iconbtn" to="/audit" aria-label="To the audit log">
          <Icon name="arrow-l" />
        </Link>
        <h1>Verify</h1>
        <span className="total">what was written is what was done</span>
      </div>
      <div className="verifypage">
        <section aria-labelledby="verify-log">
          <h2 id="verify-log">This log</h2>
          <VerifyLog grounds={grounds} />
        </section>
        <section aria-labelledby="file" className="verifyfile">
          <h2 id="file" tabIndex={-1}>
            A receipt, or an exported log
          </h2>
          <CheckFile grounds={grounds} />
        </section>
        <section aria-labelledby="kept">
          <h2 id="kept">Against what you kept yourself</h2>
          <div className="field">
            <label htmlFor="kept-text">Keys and checkpoints, as you got them from somewhere else than this console</label>
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
              {toKeptHint(grounds)}
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

function toKeptHint({ keys, notes, unread }: ReturnType<typeof readKeptTexts>): string {
  if (unread !== null) return `“${unread}” is neither a verifier key nor a checkpoint.`
  if (keys.length + notes.length === 0) return 'Without them the keys are only what this console says they are, and what this browser saw before.'
  const parts = [
    keys.length > 0 && `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`,
    notes.length > 0 && `${notes.length} ${notes.length === 1 ? 'checkpoint' : 'checkpoints'}`,
  ]
  return `${parts.filter(Boolean).join(' and ')} of yours: every check on this page is held against them.`
}

/** What the checks of this browser are held against by themselves. */
function Known() {
  const known = useKnownLog()
  if (known === null) {
    return <p className="muted">This browser remembers nothing yet. After the first check that holds, every later one has to agree with it.</p>
  }
  return (
    <div className="besides">
      <p className="muted">
        This browser remembers what it saw since <Time at={known.since} form="clock" />
        {known.note === null ? ', and no checkpoint yet.' : ': a key and the newest checkpoint that held. Every check has to agree with them.'}
      </p>
      <button className="btn" type="button" onClick={() => keepKnownLog(null)}>
        Forget it
      </button>
    </div>
  )
}
