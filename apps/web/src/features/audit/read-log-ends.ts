/** More than the longest line of a log. */
const lineBytes = 2 * 1024 * 1024

/**
 * The `seq` that the first and the last line of an exported log state: what to hold it against, before it is read. Whether they are true the
 * check itself says. `begins` is 1 where none is stated. `ends` is infinite then: what does not say where it ends is held against everything.
 */
export async function readLogEnds(file: Blob): Promise<{ begins: number; ends: number }> {
  const start = await file.slice(0, lineBytes).text()
  const tail = await file.slice(-lineBytes).text()
  const [first = ''] = start.trimStart().split('\n', 1)
  const last = tail.trimEnd().split('\n').at(-1) ?? ''
  return { begins: readSeq(first) ?? 1, ends: readSeq(last) ?? Number.POSITIVE_INFINITY }
}

/** The members of a line may stand in any order, as in the check. */
function readSeq(line: string): number | null {
  try {
    const { seq } = JSON.parse(line) as { seq?: unknown }
    return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : null
  } catch {
    return null
  }
}
