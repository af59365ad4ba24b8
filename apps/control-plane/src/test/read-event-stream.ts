/** Reads server-sent events from a body, one at a time, for tests. */
export type StreamedEvent = { id: string | null; event: string; data: Record<string, unknown> }

export type EventReader = {
  /** The next event; null at the end. Waits as long as it takes. */
  next: () => Promise<StreamedEvent | null>
  /** The next event that is of this kind. */
  nextOf: (event: string) => Promise<StreamedEvent>
  stop: () => Promise<void>
}

export function readEventStream(body: ReadableStream<Uint8Array>): EventReader {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async (): Promise<StreamedEvent | null> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
        return { id: fields.get('id') ?? null, event: fields.get('event') ?? 'message', data: JSON.parse(fields.get('data') ?? '{}') }
      }
      const part = await reader.read()
      if (part.done) return null
      text += decoder.decode(part.value, { stream: true })
    }
  }
  return {
    next,
    nextOf: async (kind) => {
      for (;;) {
        const event = await next()
        if (!event) throw new Error(`the stream ended before an event «${kind}»`)
        if (event.event === kind) return event
      }
    },
    stop: () => reader.cancel(),
  }
}
