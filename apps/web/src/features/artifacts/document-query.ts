import { queryOptions } from '@tanstack/react-query'
// oxlint-disable-next-line import/default -- the bundler makes the address of a worker the default export
import workerAddress from './document-worker.ts?worker&url'
import { startOwnWorker } from '../../shared/own-worker.ts'
import type { MarkdownDocument } from './markdown-document.ts'

/** A megabyte takes a second or two on a slow machine; what takes longer was made to. */
const limitMs = 8_000

/** The document of a text, read in a worker. `part`: what of which version the text is. */
export function documentQuery(part: readonly (string | number)[], text: string) {
  return queryOptions({
    queryKey: ['document', ...part],
    queryFn: ({ signal }) => parseBeside(text, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    // A tree is several times as large as its text.
    gcTime: 60_000,
  })
}

/** Throws Error when the worker breaks or takes longer than `limitMs`. */
async function parseBeside(text: string, signal: AbortSignal): Promise<MarkdownDocument> {
  const { promise, resolve, reject } = Promise.withResolvers<MarkdownDocument>()
  const worker = startOwnWorker(workerAddress)
  const late = setTimeout(() => reject(new Error('The document takes too long to lay out.')), limitMs)
  worker.addEventListener('message', (event: MessageEvent<MarkdownDocument>) => resolve(event.data))
  worker.addEventListener('error', () => reject(new Error('The document could not be laid out.')))
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  worker.postMessage(text)
  try {
    return await promise
  } finally {
    clearTimeout(late)
    worker.terminate()
  }
}
