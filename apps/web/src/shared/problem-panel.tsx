import { ApiProblem } from '@autopack/api-client/errors'
import { describeProblem } from './describe-problem.ts'
import { Icon } from './icon.tsx'

/** What failed (`Runs could not be read`), why, what still works, the request id, and a retry. */
export function ProblemPanel({ title, error, stillWorks, onRetry }: { title: string; error: unknown; stillWorks?: string; onRetry?: () => void }) {
  // The dialog over the page says it, and signing in again repairs it.
  if (error instanceof ApiProblem && error.code === 'not_signed_in') return null
  const { what, todo, requestId } = describeProblem(error)
  return (
    <div className="banner" data-s="failed" role="alert">
      <Icon name="failed" />
      <p>
        <strong>{title}.</strong> {what} {todo} {stillWorks}{' '}
        {requestId && (
          <span className="muted">
            Request <code>{requestId}</code>
          </span>
        )}
      </p>
      {onRetry && (
        <span className="end">
          <button className="btn" type="button" onClick={onRetry}>
            Try again
          </button>
        </span>
      )}
    </div>
  )
}
