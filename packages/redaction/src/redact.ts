import { ChipMaker, escapeImitations, type Chip } from './chip.ts'
import { listKnownSecrets } from './known-secrets.ts'
import { listSecretValues } from './secret-values.ts'
import { joinSpans, type Span } from './span.ts'
import { listTokens } from './token-formats.ts'

/** Changes whenever the same text would be redacted differently. */
export const rulesVersion = '1'

const shortestFingerprintKey = 16
const maxPasses = 16

export type Redaction = {
  /** The text to show; empty when withheld. */
  text: string
  /** Chips in the text, those of an earlier pass included. */
  count: number
  by_rule: Record<string, number>
  /** Redaction failed: nothing of the text may be shown. */
  withheld: boolean
}

/**
 * The text without its secrets: every known secret in its usual encodings, values behind names that say they are secret, and tokens of
 * known form, each replaced by a chip (see chipPattern). Deterministic for the same text, rules version, known secrets and fingerprint key
 * (≥ 16 bytes); idempotent; linear in the length of the text. Never throws: on any error the text is withheld.
 */
export function redactText(text: string, options: { knownSecrets?: readonly string[]; fingerprintKey: Uint8Array }): Redaction {
  try {
    return redact(text, options.knownSecrets ?? [], options.fingerprintKey)
  } catch {
    return { text: '', count: 0, by_rule: {}, withheld: true }
  }
}

function redact(text: string, secrets: readonly string[], key: Uint8Array): Redaction {
  if (key.length < shortestFingerprintKey) throw new RangeError('The fingerprint key is too short.')
  const chips = new ChipMaker(key)
  let redacted = text
  // A chip can uncover what stood too close to the secret before it: repeat until nothing changes, which also makes it idempotent.
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const before = redacted
    redacted = redactOnce(before, secrets, chips)
    if (redacted === before) return { text: redacted, ...countChips(chips.listChips(redacted)), withheld: false }
  }
  throw new Error('The text does not come to rest.')
}

/** Chips of ours stay as they are; the text between them is redacted piece by piece. */
function redactOnce(text: string, secrets: readonly string[], chips: ChipMaker): string {
  let result = ''
  let after = 0
  for (const chip of [...chips.listChips(text), { start: text.length, end: text.length }]) {
    result += redactPiece(text.slice(after, chip.start), secrets, chips) + text.slice(chip.start, chip.end)
    after = chip.end
  }
  return result
}

function redactPiece(piece: string, secrets: readonly string[], chips: ChipMaker): string {
  const found: Span[] = [...listKnownSecrets(piece, secrets), ...listSecretValues(piece), ...listTokens(piece)]
  // Each with its own value before they are joined: a token keeps its fingerprint wherever it stands.
  const spans = joinSpans(found.map((span) => ({ ...span, value: span.value ?? piece.slice(span.start, span.end) })))
  let result = ''
  let after = 0
  for (const span of spans) {
    result += escapeImitations(piece.slice(after, span.start))
    result += chips.toChip(span.rule, span.value ?? piece.slice(span.start, span.end))
    after = span.end
  }
  return result + escapeImitations(piece.slice(after))
}

function countChips(chips: Chip[]): { count: number; by_rule: Record<string, number> } {
  const by_rule: Record<string, number> = {}
  for (const { rule } of chips) by_rule[rule] = (by_rule[rule] ?? 0) + 1
  return { count: chips.length, by_rule }
}
