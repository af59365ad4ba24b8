import { ApiProblem } from '@autopack/api-client/errors'
import { describeProblem } from '../../shared/describe-problem.ts'

/** Why a stop or a release did not happen, and what to do. `mayHaveHappened`: without an answer nobody knows. */
export function FailedAct({ what, error, mayHaveHappened }: { what: string; error: unknown; mayHaveHappened?: boolean }) {
  const { what: why, todo, requestId } = describeProblem(error)
  const refused = error instanceof ApiProblem && error.problem.status < 500
  return (
    <div className="failedact" role="alert">
      <p>
        <strong>{refused ? 'Refused' : what}.</strong> {why} {todo} {requestId !== null && <code>{requestId}</code>}
      </p>
      {!refused && mayHaveHappened && (
        <p>
          Press again: stopping twice is harmless. If no answer comes, there is <a href="/brake/plain">the page without scripts</a>, and whoever runs
          the server can end the control plane’s process: then nobody can claim anything.
        </p>
      )}
    </div>
  )
}
