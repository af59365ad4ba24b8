import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { readListing } from './read-listing.ts'
import type { ListingBody } from './read-listing.ts'

/** One POST whose body arrived, whatever was answered. */
export type ReceivedRequest = {
  received_at: string
  execution_id: string
  sha256: string
  size_bytes: number
  status: number
  listing_id: string | null
}

export type Listing = { listing_id: string; execution_id: string; received_at: string; sha256: string; size_bytes: number; body: ListingBody }

export type ListingStore = {
  /** Every request since the shop opened for the first time, oldest first. */
  requests: readonly ReceivedRequest[]
  /** Every listing, oldest first. */
  listings: readonly Listing[]
  findListing: (listingId: string) => Listing | undefined
  findListingByExecution: (executionId: string) => Listing | undefined
  /** Stores raw bytes and entry durably, in this order, and returns only then. Synchronous: two posts with one key cannot interleave. */
  createListing: (executionId: string, bytes: Uint8Array, body: ListingBody, now: Date) => Listing
  /** Notes a request that made no new listing. */
  recordRequest: (executionId: string, bytes: Uint8Array, status: number, listingId: string | null, now: Date) => void
  close: () => void
}

/**
 * Opens the folder of the shop: `requests.jsonl`, one line a request, and `bodies/<listing id>.json`, the raw bytes of each listing.
 * A last line that a crash cut off is dropped; anything else that cannot be read throws Error with file and line.
 */
export function openListingStore(folder: string): ListingStore {
  const bodies = join(folder, 'bodies')
  const journal = join(folder, 'requests.jsonl')
  mkdirSync(bodies, { recursive: true, mode: 0o700 })
  const requests = readJournal(journal)
  const byId = new Map<string, Listing>()
  const byExecution = new Map<string, Listing>()
  for (const request of requests) {
    if (request.status !== 201 || request.listing_id === null || byId.has(request.listing_id)) continue
    keep(toListing(request.listing_id, request, readFileSync(join(bodies, `${request.listing_id}.json`))))
  }
  const descriptor = openSync(journal, 'a', 0o600)

  function keep(listing: Listing): Listing {
    byId.set(listing.listing_id, listing)
    byExecution.set(listing.execution_id, listing)
    return listing
  }

  function append(request: ReceivedRequest): void {
    writeSync(descriptor, `${JSON.stringify(request)}\n`)
    fsyncSync(descriptor)
    requests.push(request)
  }

  return {
    requests,
    get listings() {
      return [...byId.values()]
    },
    findListing: (listingId) => byId.get(listingId),
    findListingByExecution: (executionId) => byExecution.get(executionId),
    createListing(executionId, bytes, body, now) {
      const listing_id = String(1001 + byId.size)
      const request = toRequest(executionId, bytes, 201, listing_id, now)
      writeDurably(join(bodies, `${listing_id}.json`), bytes)
      append(request)
      return keep({ listing_id, execution_id: executionId, received_at: request.received_at, sha256: request.sha256, size_bytes: bytes.length, body })
    },
    recordRequest(executionId, bytes, status, listingId, now) {
      append(toRequest(executionId, bytes, status, listingId, now))
    },
    close: () => closeSync(descriptor),
  }
}

function toRequest(executionId: string, bytes: Uint8Array, status: number, listingId: string | null, now: Date): ReceivedRequest {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { received_at: now.toISOString(), execution_id: executionId, sha256, size_bytes: bytes.length, status, listing_id: listingId }
}

function toListing(listingId: string, request: ReceivedRequest, bytes: Uint8Array): Listing {
  const read = readListing(bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (!read.ok) throw new Error(`bodies/${listingId}.json: ${read.detail}`)
  if (sha256 !== request.sha256) throw new Error(`bodies/${listingId}.json: its hash is not the one in requests.jsonl`)
  return {
    listing_id: listingId,
    execution_id: request.execution_id,
    received_at: request.received_at,
    sha256,
    size_bytes: bytes.length,
    body: read.body,
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
        return JSON.parse(line) as ReceivedRequest
      } catch {
        throw new Error(`requests.jsonl, line ${place + 1}: not JSON`)
      }
    })
}

/** Bytes and directory entry are on the disk when this returns. */
function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w', 0o600)
  try {
    let written = 0
    while (written < bytes.length) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  const folder = openSync(join(path, '..'), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
