import { useEffect, useRef } from 'react'

/** For the heading of what became of it. What was pressed to decide goes away with the open page: the focus goes where the answer is. */
export function useOutcomeFocus(decided: boolean) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // After every effect of this moment: a dialog that is still modal lets nothing outside it take the focus.
    if (decided) queueMicrotask(() => heading.current?.focus())
  }, [decided])
  return heading
}
