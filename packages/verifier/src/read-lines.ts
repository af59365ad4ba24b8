/**
 * The lines of a byte stream, split at line feeds only: readline would also split at U+2028 and U+2029, which stand unescaped inside JSON.
 * Throws TypeError for bytes that are not UTF-8: a replaced character must not verify.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let unfinished: string[] = []
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      unfinished.push(piece)
      yield unfinished.join('')
      unfinished = []
    }
    unfinished.push(last)
  }
  unfinished.push(decoder.decode())
  yield unfinished.join('')
}
