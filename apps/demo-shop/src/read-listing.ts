import * as z from 'zod/mini'
import { readBody } from './read-body.ts'
import type { ReadBody } from './read-body.ts'

const listingSchema = z.strictObject({
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(140)),
  description: z.string().check(z.maxLength(20_000)),
  details_markdown: z.optional(z.string().check(z.maxLength(200_000))),
  price: z.strictObject({ amount_minor: z.int().check(z.gte(0)), currency: z.string().check(z.regex(/^[A-Z]{3}$/)) }),
  quantity: z.int().check(z.gte(1), z.lte(1_000_000)),
  report_sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  tags: z.array(z.string().check(z.minLength(1), z.maxLength(60))).check(z.maxLength(30)),
})
export type ListingBody = z.infer<typeof listingSchema>

/** Reads the bytes of a listing. A refusal is a sentence that says where and why. */
export function readListing(bytes: Uint8Array): ReadBody<ListingBody> {
  return readBody(listingSchema, bytes)
}
