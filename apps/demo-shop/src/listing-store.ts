import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadBody } from './read-body.ts'
import { readChange } from './read-change.ts'
import type { Change, ChangeOperation } from './read-change.ts'
import { readListing } from './read-listing.ts'
import type { ListingBody } from './read-listing.ts'
import { writeDurably } from './write-durably.ts'

export type Operation = 'create' | ChangeOperation

/** One request that wanted to change the shop and whose body arrived, whatever was answered. */
export type ReceivedRequest = {
  received_at: string
  execution_id: string
  operation: Operation
  sha256: string
  size_bytes: number
  status: number
  /** The listing that it made or changed; null when it did neither. */
  listing_id: string | null
}

/** `body`: as it arrived. `quantity` and `unpublished`: as it is now. */
export type Listing = {
  listing_id: string
  execution_id: string
  received_at: string
  sha256: string
  size_bytes: number
  body: ListingBody
  quantity: number
  unpublished: { reason: string; at: string; execution_id: string } | null
}

/** What one execution did here, once. */
export type Effect = {
  execution_id: string
  operation: Operation
  listing_id: string
  received_at: string
  sha256: string
  status: number
  change: Change | null
}

export type ListingStore = {
  /** Every request since the shop opened for the first time, oldest first. */
  requests: readonly ReceivedRequest[]
  /** Every listing, oldest first, also those that were taken down. */
  listings: readonly Listing[]
  findListing: (listingId: string) => Listing | undefined
  findEffect: (executionId: string) => Effect | undefined
  /** What was done to a listing after it was made, oldest first. */
  listChanges: (listingId: string) => Effect[]
  /** Stores raw bytes and entry durably, in this order, and returns only then. Synchronous: two requests with one key cannot interleave. */
  createListing: (executionId: string, bytes: Uint8Array, body: ListingBody, now: Date) => Effect
  /** The same for a change of a listing. */
  changeListing: (executionId: string, bytes: Uint8Array, listing: Listing, change: Change, now: Date) => Effect
  /** Notes a request that changed nothing. */
  recordRequest: (executionId: string, operation: Operation, bytes: Uint8Array, status: number, listingId: string | null, now: Date) => void
  close: () => void
}

/**
 * Opens the folder of the shop: `requests.jsonl`, one line a request; `bodies/<listing id>.json` and `changes/<number>.json`, the raw bytes
 * of each listing and of each change in the order of the journal. A last line that a crash cut off is dropped; anything else that cannot be
 * read throws Error with file and line.
 */
export function openListingStore(folder: string): ListingStore {
  const bodies = join(folder, 'bodies')
  const changes = join(folder, 'changes')
  const journal = join(folder, 'requests.jsonl')
  for (const path of [bodies, changes]) mkdirSync(path, { recursive: true, mode: 0o700 })
  const requests = readJournal(journal)
  const listings = new Map<string, Listing>()
  const effects = new Map<string, Effect>()
  let changeCount = 0
  for (const request of requests) {
    const { listing_id, operation } = request
    // A repeated request is in the journal, too; what it did was done by the first.
    if (request.status >= 300 || listing_id === null || effects.has(request.execution_id)) continue
    if (operation === 'create') keepListing(request, readStored(`bodies/${listing_id}.json`, request, readListing))
    else
      keepChange(
        request,
        readStored(`changes/${changeCount + 1}.json`, request, (bytes) => readChange(operation, bytes)),
      )
  }
  const descriptor = openSync(journal, 'a', 0o600)

  function readStored<T>(file: string, request: ReceivedRequest, read: (bytes: Uint8Array) => ReadBody<T>): T {
    const bytes = readFileSync(join(folder, file))
    const found = read(bytes)
    if (!found.ok) throw new Error(`${file}: ${found.detail}`)
    if (hash(bytes) !== request.sha256) throw new Error(`${file}: its hash is not the one in requests.jsonl`)
    return found.body
  }

  function keepEffect(request: ReceivedRequest, change: Change | null): Effect {
    const { execution_id, operation, received_at, sha256, status } = request
    const effect = { execution_id, operation, listing_id: request.listing_id!, received_at, sha256, status, change }
    effects.set(execution_id, effect)
    return effect
  }

  function keepListing(request: ReceivedRequest, body: ListingBody): Effect {
    const { execution_id, received_at, sha256, size_bytes } = request
    const listing_id = request.listing_id!
    listings.set(listing_id, { listing_id, execution_id, received_at, sha256, size_bytes, body, quantity: body.quantity, unpublished: null })
    return keepEffect(request, null)
  }

  function keepChange(request: ReceivedRequest, change: Change): Effect {
    const listing = listings.get(request.listing_id!)
    if (listing === undefined) throw new Error(`requests.jsonl: ${request.execution_id} changes a listing that was never made`)
    if (change.operation === 'set_quantity') listing.quantity = change.quantity
    else listing.unpublished = { reason: change.reason, at: request.received_at, execution_id: request.execution_id }
    changeCount += 1
    return keepEffect(request, change)
  }

  function append(request: ReceivedRequest): void {
    writeSync(descriptor, `${JSON.stringify(request)}\n`)
    fsyncSync(descriptor)
    requests.push(request)
  }

  return {
    requests,
    get listings() {
      return [...listings.values()]
    },
    findListing: (listingId) => listings.get(listingId),
    findEffect: (executionId) => effects.get(executionId),
    listChanges: (listingId) => [...effects.values()].filter((effect) => effect.listing_id === listingId && effect.change !== null),
    createListing(executionId, bytes, body, now) {
      const listingId = String(1001 + listings.size)
      const request = toRequest(executionId, 'create', bytes, 201, listingId, now)
      writeDurably(join(bodies, `${listingId}.json`), bytes)
      append(request)
      return keepListing(request, body)
    },
    changeListing(executionId, bytes, listing, change, now) {
      const request = toRequest(executionId, change.operation, bytes, 200, listing.listing_id, now)
      writeDurably(join(changes, `${changeCount + 1}.json`), bytes)
      append(request)
      return keepChange(request, change)
    },
    recordRequest(executionId, operation, bytes, status, listingId, now) {
      append(toRequest(executionId, operation, bytes, status, listingId, now))
    },
    close: () => closeSync(descriptor),
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function toRequest(
  executionId: string,
  operation: Operation,
  bytes: Uint8Array,
  status: number,
  listingId: string | null,
  now: Date,
): ReceivedRequest {
  return {
    received_at: now.toISOString(),
    execution_id: executionId,
    operation,
    sha256: hash(bytes),
    size_bytes: bytes.length,
    status,
    listing_id: listingId,
  }
}
function readJournal(path: string): ReceivedRequest[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line, place) => {
      try {
        // The first shops could only create, and did not write down that they did.
        return { operation: 'create', ...(JSON.parse(line) as Omit<ReceivedRequest, 'operation'>) }
      } catch {
        throw new Error(`requests.jsonl, line ${place + 1}: not JSON`)
      }
    })
}
