import type { QueryClient } from '@tanstack/react-query'
import type { KnownThings } from './act-facts.ts'

// Kept by the features that read them, under these keys.
type Kept = {
  people: { items: KnownThings['people'] }
  executors: { items: KnownThings['executors'] }
  control: { brakes: KnownThings['brakes'] }
}

/** The names of what an act is about, from what the page it is asked on has read; nothing is asked for anew. */
export function readKnownThings(client: QueryClient, passkeys: KnownThings['passkeys']): KnownThings {
  const read = <K extends keyof Kept>(key: K) => client.getQueryData<Kept[K]>([key])
  return {
    passkeys,
    people: read('people')?.items ?? [],
    executors: read('executors')?.items ?? [],
    brakes: read('control')?.brakes ?? [],
  }
}
