/** Line numbers anywhere in a file for the price of reading at most one MiB. Pure. */
import { MIB } from '@autopack/contract/limits'

const lineFeed = 0x0a

/** How many line feeds come before byte 0, 1 MiB, 2 MiB … of a text. */
export function countLineFeeds(bytes: Uint8Array): number[] {
  const marks = [0]
  let count = 0
  for (let start = 0; start + MIB <= bytes.byteLength; start += MIB) {
    count += countIn(bytes.subarray(start, start + MIB))
    marks.push(count)
  }
  return marks
}

export function countIn(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count += 1
  return count
}
