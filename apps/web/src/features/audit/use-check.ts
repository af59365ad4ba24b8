import { useEffect, useRef, useState } from 'react'
import type { CheckProgress } from '../../shared/evidence/check-order.ts'

export type CheckState<T> =
  | { state: 'idle' }
  | { state: 'running'; elapsedMs: number }
  | { state: 'stopped' }
  | { state: 'failed'; error: unknown }
  | { state: 'done'; outcome: T }

const nothing: CheckProgress = { count: 0, bytes: 0 }

type Work<T> = (watch: { signal: AbortSignal; onProgress: (progress: CheckProgress) => void }) => Promise<T>

/** One long check at a time, with its progress and a way to stop it; it ends with the page. */
export function useCheck<T>() {
  const [state, setState] = useState<CheckState<T>>({ state: 'idle' })
  const [progress, setProgress] = useState(nothing)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  function start(work: Work<T>): void {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const startedMs = performance.now()
    const isCurrent = () => running.current === controller && !controller.signal.aborted
    setProgress(nothing)
    setState({ state: 'running', elapsedMs: 0 })
    const onProgress = (next: CheckProgress) => {
      if (!isCurrent()) return
      setProgress(next)
      setState({ state: 'running', elapsedMs: performance.now() - startedMs })
    }
    work({ signal: controller.signal, onProgress }).then(
      (outcome) => isCurrent() && setState({ state: 'done', outcome }),
      (error: unknown) => isCurrent() && setState({ state: 'failed', error }),
    )
  }

  function stop(): void {
    running.current?.abort()
    setState({ state: 'stopped' })
  }
  return { ...state, progress, start, stop }
}
