import { Icon } from '../../shared/icon.tsx'
import { toRequestRefusal } from './request-refusal-words.ts'

/** A refused decision about a request: what happened, and what to do. */
export function RequestRefusalText({ error }: { error: unknown }) {
  const { title, what, todo, request_id } = toRequestRefusal(error)
  return (
    <p className="refusal" role="alert">
      <Icon name="halted" />
      <span>
        <strong>{title}.</strong> {what} <span className="muted">{todo}</span>
        {request_id !== null && (
          <span className="muted">
            {' '}
            Request <code>{request_id}</code>
          </span>
        )}
      </span>
    </p>
  )
}
