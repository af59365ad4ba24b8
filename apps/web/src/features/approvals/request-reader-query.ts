import { queryOptions } from '@tanstack/react-query'

/**
 * What reads, hashes and draws a body, with its list of words: a large part of the page, and of no use before the body is here. So it is
 * loaded beside it.
 */
export async function loadRequestReader() {
  const [{ readBody }, { listNotes }, { RequestAsked }] = await Promise.all([
    import('./read-body.ts'),
    import('./request-notes.ts'),
    import('./request-asked.tsx'),
  ])
  return { readBody, listNotes, RequestAsked }
}

export const requestReaderQuery = queryOptions({
  queryKey: ['request-reader'],
  queryFn: loadRequestReader,
  staleTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
})
