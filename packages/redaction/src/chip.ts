import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * A chip in a redacted text: `[redacted · rule · #a41c7e05]`. Of the eight hex digits the first four are the keyed fingerprint of the
 * value (the same secret has the same four), the last four prove that the chip was made with this key: without them a second pass could
 * not tell our chips from a text that imitates one. Groups: rule, fingerprint, proof.
 */
export const chipPattern = /\[redacted · ([a-z0-9_]{1,40}) · #([0-9a-f]{4})([0-9a-f]{4})\]/g

const imitationPattern = /\[(?=\s{0,4}redacted\s{0,4}[·•∙⋅・‧])/gi

export type Chip = { start: number; end: number; rule: string }

/** Makes and recognises the chips of one key. Keeps what it has computed: make one for a text, not one for a process. */
export class ChipMaker {
  readonly #keyed: ReturnType<typeof hmac.create>
  readonly #known = new Map<string, string>()

  constructor(key: Uint8Array) {
    this.#keyed = hmac.create(sha256, key)
  }

  toChip(rule: string, value: string): string {
    const fingerprint = this.#hash(`value\0${value}`)
    return `[redacted · ${rule} · #${fingerprint}${this.#toProof(rule, fingerprint)}]`
  }

  /** The chips of a text that were made with this key. */
  listChips(text: string): Chip[] {
    const chips: Chip[] = []
    for (const match of text.matchAll(chipPattern)) {
      const [whole, rule = '', fingerprint = '', proof = ''] = match
      if (proof === this.#toProof(rule, fingerprint)) chips.push({ start: match.index, end: match.index + whole.length, rule })
    }
    return chips
  }

  #toProof(rule: string, fingerprint: string): string {
    return this.#hash(`chip\0${rule}\0${fingerprint}`)
  }

  #hash(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const hash = bytesToHex(this.#keyed.clone().update(utf8ToBytes(text)).digest().subarray(0, 2))
    this.#known.set(text, hash)
    return hash
  }
}

/** What imitates a chip says so: `[not redacted · …`. */
export function escapeImitations(text: string): string {
  return text.replace(imitationPattern, '[not ')
}
