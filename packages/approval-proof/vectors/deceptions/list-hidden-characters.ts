import type { DeceptivePayload } from './deceptive-payload.ts'
import { buildEtsyListing, buildListing, buildReading, buildStock, buildTakedown } from './honest-payloads.ts'

/** Bidirectional controls, zero-width and invisible characters, control characters, private letters: one payload for each character. */
const characters = [
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c],
  ...[0x200b, 0x200c, 0x200d, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff, 0x00ad, 0x034f, 0x180e, 0x115f, 0x3164, 0xffa0, 0x2800],
  ...[0x0008, 0x001b, 0x000d, 0x007f, 0x0085, 0x2028, 0x2029, 0x2003, 0x205f, 0x1680, 0x206a],
  ...[0xfe0f, 0xfe00, 0xe0101, 0xe0041, 0xe007f, 0xe000, 0xf0000, 0x100000, 0xfff9, 0xfffc, 0x1d173, 0x13430, 0x1bca0],
]

export function listHiddenCharacters(): DeceptivePayload[] {
  return characters.map((code, place) => {
    const hidden = String.fromCodePoint(code)
    const escaped = `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
    const text = `harm${hidden}less`
    const shown = { escaped: `harm${escaped}less` }
    const [where, payload, at] = (
      [
        ['the title', buildListing({ body: { title: text } }), '/request/body/title'],
        ['the description', buildListing({ body: { description: text } }), '/request/body/description'],
        ['a tag', buildListing({ body: { tags: ['wood', text] } }), '/request/body/tags/1'],
        ['the shop', buildReading({ target: { shop: text } }), '/target/shop'],
        ['the shop of a stock', buildStock({ target: { shop: text } }), '/target/shop'],
        ['the reason', buildTakedown({ body: { reason: text } }), '/request/body/reason'],
        ['the name of a file', buildListing({ files: [{ name: text, sha256: 'b4'.repeat(32), size_bytes: 3 }] }), '/files/0/name'],
        ['an Etsy title', buildEtsyListing({ body: { title: text } }), '/request/body/title'],
        ['an Etsy material', buildEtsyListing({ body: { materials: [text, 'oil'] } }), '/request/body/materials/0'],
        ['Markdown', buildListing({ body: { details_markdown: `# ${text}` } }), '/request/body/details_markdown'],
      ] as const
    )[place % 10]!
    return { what: `${escaped} in ${where}`, payload, sign: { ...shown, at } }
  })
}
