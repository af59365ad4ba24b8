import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Elapsed } from '../../shared/time.tsx'
import { toScopeWords } from './brake-words.ts'
import type { StopAnswer } from './stop-dialog.tsx'

/** What the stop came to, as the control plane answered: what it holds back, and what it could not call back. Stays until put away. */
export function StopAnswerPanel({ answer, onClose }: { answer: StopAnswer; onClose: () => void }) {
  const { brake, cannot_recall, cannot_recall_total, stopped_count } = answer
  const unlisted = cannot_recall_total - cannot_recall.length
  return (
    <section className="stopanswer" role="status" aria-label="What the stop came to">
      <div className="stopanswer-head">
        <p>
          <b>
            Stopped: <VisibleText text={toAgentWords(toScopeWords(brake))} />.
          </b>{' '}
          {stopped_count === 0
            ? 'No approved action was waiting to be taken.'
            : `${formatCount(stopped_count)} approved ${stopped_count === 1 ? 'action is' : 'actions are'} held back.`}{' '}
          {cannot_recall_total === 0 && 'Nothing was executing.'}
        </p>
        <button className="btn quiet iconbtn" type="button" aria-label="Put the answer away" onClick={onClose}>
          <Icon name="x" />
        </button>
      </div>
      {!brake.audited && <p>The audit log cannot be written now. The stop is in force, and is recorded first thing afterwards.</p>}
      {cannot_recall_total > 0 && (
        <>
          <p>
            <b className="tn">{formatCount(cannot_recall_total)}</b> cannot be recalled:
          </p>
          <ul className="unrecalled">
            {cannot_recall.map((execution) => (
              <li key={execution.execution_id}>
                <Link to={`/actions/${execution.action_id}`}>
                  <SentenceText sentence={execution.sentence} />
                </Link>{' '}
                <span className="muted">
                  {execution.executor.name}, taken <Elapsed from={execution.claimed_at} to={null} /> ago
                </span>
              </li>
            ))}
            {unlisted > 0 && (
              <li className="muted">
                {cannot_recall.length > 0 && 'and '}
                {formatCount(unlisted)} more that you may not see or that are not listed
              </li>
            )}
          </ul>
        </>
      )}
    </section>
  )
}
