import { differByOne, toSkeleton } from './look-alike.ts'
import { cutText, toVisibleText } from './visible-text.ts'

export type TargetComparison = {
  code: 'known_target' | 'looks_like_known_target' | 'new_target'
  level: 'finding' | 'could_not_check' | 'pass'
  title: string
  detail: string
}

const shownTargets = 3

/**
 * Whether a target is one that people approved before, is new, or is new and looks like one of those. `target` is policy's `target_text`;
 * `known` are those of actions of the same provider that people approved, null when nobody could look.
 */
export function compareTarget(target: string, known: readonly string[] | null): TargetComparison {
  const shown = quote(target)
  if (known === null || known.length === 0) {
    const why = known === null ? 'The targets approved before could not be read' : 'Nothing of this provider was approved before'
    const detail = `${why}, so nobody can say whether ${shown} is the usual target.`
    return { code: 'new_target', level: 'could_not_check', title: 'The target was compared with none', detail }
  }
  if (known.includes(target)) {
    return { code: 'known_target', level: 'pass', title: 'The target was approved before', detail: `People approved actions on ${shown} before.` }
  }
  const alike = known.find((other) => toSkeleton(other) === toSkeleton(target) || differByOne(other.toLowerCase(), target.toLowerCase()))
  if (alike !== undefined) {
    const detail = `${shown} was never approved before, and looks like ${quote(alike)}, which was. They are two different targets.`
    return { code: 'looks_like_known_target', level: 'finding', title: 'The target looks like another', detail }
  }
  const others = known
    .slice(0, shownTargets)
    .map((other) => quote(other))
    .join(', ')
  const detail = `${shown} was never approved before. Approved were ${others}${known.length > shownTargets ? ' and others' : ''}.`
  return { code: 'new_target', level: 'finding', title: 'A new target', detail }
}

function quote(text: string): string {
  return `“${toVisibleText(cutText(text, 80), false).text}”`
}
