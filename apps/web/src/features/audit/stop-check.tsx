import { useLayoutEffect, useRef, type RefObject } from 'react'

/** Stops a check that runs. It goes when the check ends, and leaves its focus, where it has it, to `next`. */
export function StopCheck({ onStop, next }: { onStop: () => void; next: RefObject<HTMLElement | null> }) {
  const stop = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    const button = stop.current
    const field = next.current
    return () => {
      if (document.activeElement === button) field?.focus()
    }
  }, [next])
  return (
    <button className="btn" type="button" ref={stop} onClick={onStop}>
      Stop
    </button>
  )
}
