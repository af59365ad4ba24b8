import { Icon } from '../../shared/icon.tsx'
import type { Refusal } from './refusal-words.ts'

/** A refused decision: what happened, what to do, and whether it may have been recorded. */
export function RefusalText({ refusal }: { refusal: Refusal }) {
  return (
    <p className="refusal" role="alert">
      <Icon name="halted" />
      <span>
        <strong>{refusal.title}.</strong> {refusal.what} <span className="muted">{refusal.todo}</span>
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
