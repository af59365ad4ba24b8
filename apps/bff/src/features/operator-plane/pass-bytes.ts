import type { ServerResponse } from 'node:http'

/**
 * Passes bytes on as fast as they are taken. When the source breaks off, the connection to the browser is cut: an answer
 * that merely ended would look complete, and the HTTP adapter would write the error's words into it.
 */
export function passBytes(
  source: AsyncIterable<Buffer>,
  options: { outgoing: ServerResponse | undefined; onBroken: (error: unknown) => void; onLeft: () => void },
): ReadableStream<Uint8Array> {
  const parts = source[Symbol.asyncIterator]()
  let left = false
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const part = await parts.next()
        if (left) return
        if (part.done) controller.close()
        else controller.enqueue(part.value)
      } catch (error) {
        if (left) return
        options.onBroken(error)
        if (!options.outgoing) return controller.error(new Error('broken off'))
        options.outgoing.destroy()
        controller.close()
      }
    },
    cancel: () => {
      left = true
      options.onLeft()
    },
  })
}
