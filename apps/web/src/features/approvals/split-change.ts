export type SplitChange = { start: string; before: string; after: string; end: string }

/** What two texts share at their start and end, in whole words, and what stands between. */
export function splitChange(before: string, after: string): SplitChange {
  const old = toWords(before)
  const now = toWords(after)
  const most = Math.min(old.length, now.length)
  let start = 0
  while (start < most && old[start] === now[start]) start += 1
  let end = 0
  while (end < most - start && old.at(-1 - end) === now.at(-1 - end)) end += 1
  return {
    start: now.slice(0, start).join(''),
    before: old.slice(start, old.length - end).join(''),
    after: now.slice(start, now.length - end).join(''),
    end: end === 0 ? '' : now.slice(-end).join(''),
  }
}

/** Words with the blanks between them, each a piece. A written-out hidden character is never cut. */
function toWords(text: string): string[] {
  return text.split(/(\s+)/).filter((piece) => piece !== '')
}
