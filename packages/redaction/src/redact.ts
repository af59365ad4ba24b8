import { barrier } from './barrier.ts'
import { ChipMaker, escapeImitations, type Chip } from './chip.ts'
import { listKnownSecrets, listSecretForms, type SecretForm } from './known-secrets.ts'
import { listSecretValues } from './secret-values.ts'
import { joinSpans, type Span } from './span.ts'
import { listTokens } from './token-formats.ts'

/** Changes whenever the same text would be redacted differently. */
export const rulesVersion = '1'

const shortestFingerprintKey = 16
const maxPasses = 16
/** One for every 50 bytes of the largest artifact: a text with more is not a log that holds secrets, and chips would make it grow without use. */
const mostFindings = 500_000

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
 * (≥ 16 bytes); idempotent; linear in the length of the text. U+FFFF is replaced. Never throws: on any error, and with more
 * than mostFindings secrets, the text is withheld.
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
  const forms = listSecretForms(secrets)
  let redacted = text.replaceAll(barrier, '\ufffd')
  // A chip can uncover what stood too close to the secret before it: repeat until nothing changes, which also makes it idempotent.
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const before = redacted
    redacted = redactOnce(before, forms, chips)
    if (redacted === before) return { text: redacted, ...countChips(chips.listChips(redacted)), withheld: false }
  }
  throw new Error('The text does not come to rest.')
}

/** Chips of ours stay as they are; what lies between them is redacted. */
function redactOnce(text: string, forms: readonly SecretForm[], chips: ChipMaker): string {
  const kept = chips.listChips(text)
  const masked = maskChips(text, kept)
  const found: Span[] = [...listKnownSecrets(masked, forms), ...listSecretValues(masked), ...listTokens(masked)]
  if (kept.length + found.length > mostFindings) throw new RangeError('There is too much to redact.')
  // Each with its own value before they are joined: a token keeps its fingerprint wherever it stands.
  for (const span of found) span.value ??= masked.slice(span.start, span.end)
  const pieces: string[] = []
  let after = 0
  for (const span of joinSpans(found)) {
    pieces.push(escapeImitations(masked.slice(after, span.start)), chips.toChip(span.rule, span.value ?? ''))
    after = span.end
  }
  pieces.push(escapeImitations(masked.slice(after)))
  return unmaskChips(pieces.join(''), text, kept)
}

function maskChips(text: string, kept: readonly Chip[]): string {
  if (kept.length === 0) return text
  const pieces: string[] = []
  let after = 0
  for (const chip of kept) {
    pieces.push(text.slice(after, chip.start))
    after = chip.end
  }
  pieces.push(text.slice(after))
  return pieces.join(barrier)
}

function unmaskChips(masked: string, text: string, kept: readonly Chip[]): string {
  let next = 0
  const whole = masked.replaceAll(barrier, () => {
    const chip = kept[next]
    next += 1
    return chip === undefined ? '' : text.slice(chip.start, chip.end)
  })
  if (next !== kept.length) throw new Error('A rule reached across a chip.')
  return whole
}

function countChips(chips: Chip[]): { count: number; by_rule: Record<string, number> } {
  const by_rule: Record<string, number> = {}
  for (const { rule } of chips) by_rule[rule] = (by_rule[rule] ?? 0) + 1
  return { count: chips.length, by_rule }
}
