import { useEffect, useReducer, useState, type RefObject } from 'react'
import { arming, disarmed, findArmedAt, type Arming } from './arming.ts'
import { isAttended } from './is-attended.ts'

/** What the page has on screen, for the arming rule. `null` while there is nothing to decide about. */
export type ShownThing = { key: string; bytes_key: string; must_see: readonly string[] } | null

export type ArmingOnPage = Arming & { armed: boolean; mark: (pointer: string, seen: boolean) => void }

/**
 * Feeds the arming rule with what the browser knows: attention, obstacles, and which marked elements (`data-must-see`) have been on screen
 * between the bars at the top and the footer. Answers the state and whether it is armed at this moment.
 */
export function useArming(shown: ShownThing, obstructed: boolean, page: RefObject<HTMLElement | null>, view: string): ArmingOnPage {
  const [state, send] = useReducer(arming, disarmed)
  // The moment of arming whose timer has fired: another moment is another arming.
  const [armedFor, setArmedFor] = useState<number | null>(null)

  useEffect(() => {
    if (shown !== null) send({ type: 'shown', ...shown, at: performance.now() })
  }, [shown])

  useEffect(() => send({ type: 'obstacle', obstructed, at: performance.now() }), [obstructed])

  useEffect(() => {
    const look = () => {
      send({ type: 'attention', attentive: isAttended(), at: performance.now() })
    }
    look()
    // Focus may move without an event (another window's dialog closes), so a slow look backs the events up.
    const timer = setInterval(look, 500)
    document.addEventListener('visibilitychange', look)
    addEventListener('focus', look)
    addEventListener('blur', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
      removeEventListener('focus', look)
      removeEventListener('blur', look)
    }
  }, [])

  useEffect(() => {
    const root = page.current
    if (root === null || shown === null) return
    const footer = document.querySelector('.decide-foot')?.getBoundingClientRect().height ?? 0
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const pointer = (entry.target as HTMLElement).dataset.mustSee
          if (entry.isIntersecting && pointer !== undefined) send({ type: 'seen', pointer, at: performance.now() })
        }
      },
      { rootMargin: `-84px 0px -${Math.ceil(footer)}px 0px`, threshold: 1 },
    )
    const watch = () => {
      for (const element of root.querySelectorAll(`[data-view="${view}"] [data-must-see]`)) observer.observe(element)
    }
    watch()
    // A view may be drawn later than the thing it shows, and a long one in parts.
    const drawn = new MutationObserver(watch)
    drawn.observe(root, { childList: true, subtree: true })
    return () => {
      drawn.disconnect()
      observer.disconnect()
    }
  }, [shown, page, view])

  const armedAt = findArmedAt(state)
  useEffect(() => {
    if (armedAt === null) return
    const timer = setTimeout(() => setArmedFor(armedAt), Math.max(0, armedAt - performance.now()))
    return () => clearTimeout(timer)
  }, [armedAt])

  // A disarming change must hold in the very render that shows it, not one effect later.
  return {
    ...state,
    armed: armedAt !== null && armedFor === armedAt && state.key === shown?.key && !obstructed,
    mark: (pointer, seen) => send({ type: seen ? 'seen' : 'unseen', pointer, at: performance.now() }),
  }
}
