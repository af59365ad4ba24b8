import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { toCanonicalEvent } from './canonical-event.ts'
import type { Descriptor } from './descriptor.ts'
import { explainPayload, findCurrency } from './explain-payload.ts'
import type { Explanation, Leaf } from './explain-payload.ts'
import { toUtf8 } from './hashes.ts'
import { writeMoney } from './money-text.ts'
import type { Payload } from './payload.ts'
import { toSeal } from './seal-words.ts'
import { shorten, showText, writeOut } from './visible-text.ts'

/** The version of the rules that are drawn by here; a statement names the version it was drawn by. */
export const drawnVersion = '3'

/** All texts are safe to show as text. `value`: it comes from the payload. */
export type DrawnPart = { text: string; value?: true }
export type DrawnField = {
  pointer: string
  label: string
  format: string
  value_text: string
  group: string
  must_see: boolean
  hidden_characters: number
}
export type DrawnAction = {
  title: string
  /** Follows “The agent wants to”. */
  sentence: DrawnPart[]
  sentence_text: string
  fields: DrawnField[]
  coverage: { explained: number; present: number; missing: string[] }
  /** Something could not be explained to whoever approved it. */
  blind: boolean
  cost_text: string
  undo_text: string
  seen_by_text: string
  display_sha256: string
}

const mostInSentence = 160

/** Draws a payload as its approvers saw it. `descriptor` is one for this kind of action, or null: nobody has described it. */
export function drawAction(payload: Payload, descriptor: Descriptor | null): DrawnAction {
  const leaves = explainPayload(payload, descriptor)
  const fields = leaves.map((leaf) => drawField(payload, leaf))
  const unexplained = leaves.filter(({ by }) => by === null).length
  const { parts: sentence, missing } = drawSentence(payload, descriptor, leaves, fields)
  const drawn = {
    title: descriptor?.title ?? `${payload.provider}.${payload.operation}`,
    sentence_text: sentence.map(({ text }) => text).join(''),
    blind: unexplained + missing.length > 0,
    cost_text: payload.cost === null ? (descriptor === null ? 'not known' : 'nothing') : writeMoney(payload.cost.amount_minor, payload.cost.currency),
    undo_text: descriptor?.undo.text ?? 'not known, treat as none',
    seen_by_text: descriptor?.seen_by ?? 'not known, treat as everyone',
  }
  const coverage = { explained: leaves.length - unexplained, present: leaves.length, missing }
  const hash = sha256.create()
  for (const line of [{ renderer_version: drawnVersion, ...drawn }, ...sentence, ...fields, coverage])
    hash.update(toUtf8(`${toCanonicalEvent(line)}\n`))
  return { ...drawn, sentence, fields, coverage, display_sha256: bytesToHex(hash.digest()) }
}

function drawField(payload: Payload, leaf: Leaf): DrawnField {
  const { pointer, by } = leaf
  if (by === null) {
    // As JSON: the text "12" must not look like the number 12.
    const { text, hidden } = showText(toCanonicalEvent(leaf.value), false)
    const label = showText(pointer, false).text
    return { pointer, label, format: 'unexplained', value_text: text, group: 'Unexplained', must_see: true, hidden_characters: hidden }
  }
  const { text, hidden } = drawValue(payload, leaf, by)
  const places = leaf.path.filter((step) => typeof step === 'number').map((place) => ` ${place + 1}`)
  const label = `${by.label}${places.join('')}`
  return { pointer, label, format: by.format, value_text: text, group: by.group, must_see: by.must_see, hidden_characters: hidden }
}

function drawValue(payload: Payload, leaf: Leaf, by: Explanation): { text: string; hidden: number } {
  const { value } = leaf
  if (typeof value === 'string' && by.format !== 'sha256' && by.format !== 'image') {
    return showText(value, ['long_text', 'markdown', 'html', 'code'].includes(by.format))
  }
  return { text: drawPlain(payload, leaf, by), hidden: 0 }
}

function drawPlain(payload: Payload, leaf: Leaf, by: Explanation): string {
  const { value } = leaf
  if (typeof value === 'string') return toSeal(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return 'none'
  if (by.format === 'money') return writeMoney(value, findCurrency(payload, leaf, by) ?? 'no currency')
  return by.format === 'bytes' ? `${value} bytes` : String(value)
}

function drawSentence(payload: Payload, descriptor: Descriptor | null, leaves: readonly Leaf[], fields: readonly DrawnField[]) {
  const parts: DrawnPart[] = []
  const missing: string[] = []
  if (descriptor === null) {
    parts.push(
      { text: `send ${payload.request.method} ` },
      { text: shorten(showText(payload.request.path, false).text, mostInSentence), value: true },
    )
    parts.push({ text: ` to ${payload.provider}: none of its ${fields.length} values can be explained` })
  } else {
    for (const piece of descriptor.sentence.split(/(\{[a-z_]+\})/)) {
      if (!/^\{[a-z_]+\}$/.test(piece)) {
        if (piece !== '') parts.push({ text: piece })
        continue
      }
      const slot = piece.slice(1, -1)
      const place = leaves.findIndex(({ by }) => by?.slot === slot)
      if (place === -1) missing.push(slot)
      parts.push({ text: place === -1 ? '(not given)' : toSlotText(fields[place]!.value_text), value: true })
    }
    const count = leaves.filter(({ by }) => by === null).length
    if (count > 0) parts.push({ text: `, and ${count} value${count === 1 ? '' : 's'} that cannot be explained` })
  }
  if (payload.mode === 'dry_run') parts.push({ text: ', as a dry run: nothing is sent' })
  return { parts, missing }
}

/** On one line, without a quotation mark that could end the one around it. */
function toSlotText(text: string): string {
  return shorten(
    text.replaceAll(/[«»\n\t]/g, (character) => writeOut(character.codePointAt(0)!)),
    mostInSentence,
  )
}
