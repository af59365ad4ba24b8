import type { Log } from '@autopack/server-kit/log'

/**
 * Texts as the body of an answer, each made when the reader has taken the one before. Where making one fails, the body is cut off: the reader
 * must see that, and not take what came for all of it.
 */
export function streamText(log: Log, texts: AsyncGenerator<string>, what: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = await texts.next()
        if (next.done) controller.close()
        else controller.enqueue(encoder.encode(next.value))
      } catch (error) {
        log.error({ error }, `${what} failed`)
        controller.error(new Error(`${what} failed`))
      }
    },
    cancel: async () => {
      await texts.return(undefined)
    },
  })
}
