/** More than the longest line of a log. */
const lastBytes = 2 * 1024 * 1024

/**
 * The `seq` that the first and the last line of an exported log state: what to hold it against, before it is read. Whether they are true the
 * check itself says. `begins` is 1 and `ends` 0 where none is stated.
 */
export async function readLogEnds(file: Blob): Promise<{ begins: number; ends: number }> {
  const first = await file.slice(0, 4_096).text()
  const tail = await file.slice(-lastBytes).text()
  const last = tail.trimEnd().split('\n').at(-1) ?? ''
  return { begins: readSeq(first) ?? 1, ends: readSeq(last) ?? 0 }
}

function readSeq(line: string): number | null {
  const seq = /^\s*\{\s*"seq"\s*:\s*(\d{1,15})\s*[,}]/.exec(line)?.[1]
  return seq === undefined ? null : Number(seq)
}
