import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AnswerBook } from './answer-book.ts'
import type { ConsoleUnderTest } from './console-under-test.ts'

export type ReceivedPost = { execution_id: string; sha256: string; status: number; listing_id: string | null; received_at: string }

/** The shop's own record of every POST whose body arrived. */
export type ShopRecord = {
  posts: () => Promise<ReceivedPost[]>
  /** What arrived during this time and is none of `known`. */
  watch: (forMs: number, known: readonly ReceivedPost[]) => Promise<ReceivedPost[]>
  /** SHA-256 over the raw body as the shop's folder has it. */
  hashRawBody: (listingId: string) => string
}

export function openShopRecord(book: AnswerBook, console_: ConsoleUnderTest): ShopRecord {
  const posts = async () => {
    const headers = { authorization: `Bearer ${console_.secret('shop-token')}` }
    const answer = await book.ask('GET', `${console_.shopUrl}/api/requests`, { headers })
    if (answer.status !== 200) throw new Error(`the shop does not show its record: ${answer.status}`)
    return answer.json<{ items: ReceivedPost[] }>().items
  }
  return {
    posts,
    async watch(forMs, known) {
      const until = performance.now() + forMs
      for (;;) {
        const later = (await posts()).slice(known.length)
        if (later.length > 0 || performance.now() > until) return later
        await delay(250)
      }
    },
    hashRawBody: (listingId) =>
      createHash('sha256')
        .update(readFileSync(join(console_.dataDir, 'demo-shop', 'bodies', `${listingId}.json`)))
        .digest('hex'),
  }
}
