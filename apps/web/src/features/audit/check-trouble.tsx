import { CheckStopped } from '../../shared/evidence/run-check.ts'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'

/** The check came to no verdict: what happened, and what that says about the log, which is nothing. */
export function CheckTrouble({ error, count }: { error: unknown; count: number }) {
  const status = error instanceof CheckStopped ? error.status : null
  const words = error instanceof Error ? error.message : String(error)
  return (
    <div className="verdict" data-s="halted" role="alert">
      <Icon name="halted" />
      <div>
        <p>
          <strong>No verdict.</strong>{' '}
          {status === 403
            ? 'The whole log leaves only with an admin.'
            : status === 401
              ? 'Your session has ended: sign in again and start once more.'
              : status === 429
                ? 'The log was read too often just now. Wait a minute and start once more.'
                : `The log could not be read to its end: ${words}`}
        </p>
        <p className="muted">{count > 0 ? `${formatCount(count)} events held before that.` : ''} This says nothing about the log itself.</p>
      </div>
    </div>
  )
}
