import { toPointer } from './canonical-profile.ts'

/**
 * The descriptor path that speaks about a place in a payload: its pointer with `*` for every place in a list.
 * A key that is itself `*` must not pass for one, so it becomes a path that no descriptor can hold.
 */
export function toFieldPath(segments: ReadonlyArray<string | number>): string {
  return segments
    .map((segment) => {
      if (typeof segment === 'number') return '/*'
      return segment === '*' ? '/~*' : toPointer([segment])
    })
    .join('')
}
