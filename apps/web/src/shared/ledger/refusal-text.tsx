import { Link } from '../link.tsx'
import { Icon } from '../icon.tsx'
import { toRefusal } from './refusal-words.ts'

/** A refused decision, revocation or look-up: what happened, and what to do. */
export function RefusalText({ error }: { error: unknown }) {
  const refusal = toRefusal(error)
  return (
    <p className="refusal" role="alert">
      <Icon name="halted" />
      <span>
        <strong>{refusal.title}.</strong> {refusal.what} <span className="muted">{refusal.todo}</span>{' '}
        {refusal.link !== undefined && <Link to={refusal.link.to}>{refusal.link.words}</Link>}
        {refusal.request_id !== null && (
          <>
            {' '}
            <span className="muted">
              Request <code>{refusal.request_id}</code>
            </span>
          </>
        )}
      </span>
    </p>
  )
}
