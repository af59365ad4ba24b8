import type { Payload } from '../../src/payload.ts'

/** How a person who reads the page can know: a character written out in a field, another sentence than the text wanted, a finding, or blind. */
export type Sign = { escaped: string; at: string } | { sentence: string } | { finding: string } | { unexplained: string }

/** A payload that wants to be taken for another, and how it shows. */
export type DeceptivePayload = { what: string; payload: Payload; sign: Sign }

/** Targets that people approved before. */
export const knownTargets = ['demo_shop/demo-shop', 'demo_shop/demo-shop/lst-4711', 'etsy/44110727']
