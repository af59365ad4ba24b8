import { lazy, Suspense, useEffect } from 'react'
import { describeProblem } from './describe-problem.ts'

function PlainRefusal({ error }: { error: unknown }) {
  const { what, todo } = describeProblem(error)
  return (
    <p className="refusal" role="alert">
      {what} {todo}
    </p>
  )
}

const loadWords = async () => ({ default: (await import('./ledger/refusal-text.tsx')).RefusalText })
// When the network took the answer, it may have taken the words as well.
const RefusalText = lazy(() => loadWords().catch(() => ({ default: PlainRefusal })))

/** Why something was refused; nothing while `error` is null. Its many words come beside the page that may need them, never before it. */
export function Refusal({ error }: { error: unknown }) {
  useEffect(() => void loadWords().catch(() => undefined), [])
  return (
    error !== null && (
      <Suspense fallback={null}>
        <RefusalText error={error} />
      </Suspense>
    )
  )
}
