import type { previewArtifact } from '@autopack/contract/artifacts'
import type { AnswerOf } from '@autopack/contract/route'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatCount } from '../../shared/format-count.ts'

export type Preview = AnswerOf<typeof previewArtifact>

export type ShownRange = {
  text: string
  fromByte: number
  toByte: number
  totalBytes: number
  /** Number of the first line, from 1; null: not known without reading the whole file. */
  firstLine: number | null
  hiddenCharacters: number
  withheld: boolean
}

/** Parts that follow each other as one text. A cut never falls inside a code point, so joining is enough. */
export function joinParts(parts: readonly Preview[]): ShownRange {
  const first = parts[0]!
  const last = parts.at(-1)!
  return {
    text: parts.map((part) => part.text).join(''),
    fromByte: first.from_byte,
    toByte: last.to_byte,
    totalBytes: last.redacted_size_bytes,
    firstLine: first.from_byte === 0 ? 1 : first.first_line,
    hiddenCharacters: parts.reduce((sum, part) => sum + part.hidden_characters, 0),
    withheld: parts.some((part) => part.withheld),
  }
}

/** `first 256 KiB of 41.2 MiB`, `last 256 KiB of …`, `256 KiB of … from 1 MiB`; null when everything is shown. */
export function describeRange(range: Pick<ShownRange, 'fromByte' | 'toByte' | 'totalBytes'>): string | null {
  const { fromByte, toByte, totalBytes } = range
  if (fromByte === 0 && toByte >= totalBytes) return null
  const size = formatBytes(toByte - fromByte)
  const whole = formatBytes(totalBytes)
  if (fromByte === 0) return `first ${size} of ${whole}`
  if (toByte >= totalBytes) return `last ${size} of ${whole}`
  return `${size} of ${whole}, from ${formatBytes(fromByte)}`
}

const namedRules = 2

/** `redacted 4 · api_key 3, email 1`; the rule alone when there is one, the two most frequent when there are many. Null when nothing was redacted. */
export function describeRedactions(redactions: { count: number; by_rule: Record<string, number> } | null): string | null {
  if (!redactions || redactions.count === 0) return null
  const rules = Object.entries(redactions.by_rule).toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const named = rules.slice(0, namedRules).map(([rule, count]) => `${rule} ${formatCount(count)}`)
  if (rules.length > namedRules) named.push(`${rules.length - namedRules} more rules`)
  const words = rules.length === 1 ? rules[0]![0] : named.join(', ')
  return words === '' ? `redacted ${formatCount(redactions.count)}` : `redacted ${formatCount(redactions.count)} · ${words}`
}
