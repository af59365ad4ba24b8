import { lazy, Suspense, useEffect } from 'react'
import { Refusal } from '../../shared/refusal.tsx'

const loadWords = async () => ({ default: (await import('./request-refusal-text.tsx')).RequestRefusalText })
// When the network took the answer, it may have taken the words as well.
const RequestRefusalText = lazy(() => loadWords().catch(() => ({ default: Refusal })))

/** Why a decision about a request was refused; nothing while `error` is null. Its words come beside the page that may need them. */
export function RequestRefusal({ error }: { error: unknown }) {
  useEffect(() => void loadWords().catch(() => undefined), [])
  return (
    error !== null && (
      <Suspense fallback={null}>
        <RequestRefusalText error={error} />
      </Suspense>
    )
  )
}
