import { describeProblem } from '../../shared/describe-problem.ts'

/** Why a cap was not set or a switch not turned, and what to do. */
export function RefusedAct({ error }: { error: unknown }) {
  const { what, todo, requestId } = describeProblem(error)
  return (
    <p className="refusedact" role="alert">
      <strong>{what}</strong> {todo} {requestId !== null && <code>{requestId}</code>}
    </p>
  )
}
