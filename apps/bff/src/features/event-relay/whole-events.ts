/** Passes on whole server-sent events only, so that an `end` never lands in the middle of one. */
const blank = Buffer.from('\n\n')
const eventLimitBytes = 256 * 1024

export type WholeEvents = {
  /** The complete events so far, possibly none. Throws when one event is larger than 256 KiB. */
  take: (part: Buffer) => Buffer
}

export function createWholeEvents(): WholeEvents {
  let rest: Buffer = Buffer.alloc(0)
  return {
    take: (part) => {
      const all = rest.length === 0 ? part : Buffer.concat([rest, part])
      const at = all.lastIndexOf(blank)
      rest = at === -1 ? all : all.subarray(at + blank.length)
      if (rest.length > eventLimitBytes) throw new Error('an event is larger than 256 KiB')
      return at === -1 ? Buffer.alloc(0) : all.subarray(0, at + blank.length)
    },
  }
}
