import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { canonicalize } from './canonical-json.ts'
import type { Descriptor } from './descriptor.ts'
import { explainLeaves, findCurrency, type ExplainedLeaf } from './explain-leaves.ts'
import { formatMoney } from './format-money.ts'
import { toUtf8 } from './payload-hash.ts'
import type { Payload } from './payload.ts'
import { renderSentence, type SentencePart } from './render-sentence.ts'
import { rendererVersion } from './renderer-version.ts'
import { seal } from './seal.ts'
import { toVisibleText, type VisibleText } from './visible-text.ts'

export type RenderedField = {
  /** RFC 6901, raw: show `label`, follow `pointer`. */
  pointer: string
  label: string
  /** The descriptor's format, or `unexplained`. */
  format: string
  /** Safe to show as text: hidden and bidirectional characters are written out. */
  value_text: string
  group: string
  must_see: boolean
  hidden_characters: number
}

export type Coverage = {
  /** Leaves a descriptor explains, of all leaves present. */
  explained: number
  present: number
  unexplained: string[]
  /** Slots of the sentence for which the payload has no explained value. */
  missing: string[]
  hidden_characters: number
}

export type RenderedAction = {
  title: string
  sentence: SentencePart[]
  sentence_text: string
  fields: RenderedField[]
  coverage: Coverage
  /** Something in the payload cannot be explained: never show this action as understood. */
  blind: boolean
  cost_text: string
  undo_text: string
  seen_by_text: string
  /** SHA-256 over everything above, 64 lower-case hex digits. */
  display_sha256: string
}

/**
 * What a person is shown of a payload: the same on every machine, no locale and no clock inside.
 * Without a descriptor the rendering is blind: every leaf is shown as it is, and none as understood.
 * Throws Error when the descriptor is for another kind of action.
 */
export function renderAction(payload: Payload, descriptor: Descriptor | null): RenderedAction {
  const explained = explainLeaves(payload, descriptor)
  const fields = explained.map((item) => renderField(payload, item))
  const unexplained = explained.filter((item) => item.field === null)
  const sentence = renderSentence(payload, descriptor, explained, fields)
  const rendering = {
    title: descriptor?.title ?? `${payload.provider}.${payload.operation}`,
    sentence: sentence.parts,
    sentence_text: sentence.parts.map((part) => part.text).join(''),
    fields,
    coverage: {
      explained: explained.length - unexplained.length,
      present: explained.length,
      unexplained: unexplained.map((item) => item.leaf.pointer),
      missing: sentence.missing,
      hidden_characters: fields.reduce((sum, field) => sum + field.hidden_characters, 0),
    },
    blind: unexplained.length > 0 || sentence.missing.length > 0,
    cost_text: toCostText(payload, descriptor),
    undo_text: descriptor?.undo.text ?? 'not known, treat as none',
    seen_by_text: descriptor?.seen_by ?? 'not known, treat as everyone',
  }
  return { ...rendering, display_sha256: hashDisplay(rendering) }
}

function toCostText(payload: Payload, descriptor: Descriptor | null): string {
  if (payload.cost !== null) return formatMoney(payload.cost.amount_minor, payload.cost.currency)
  return descriptor === null ? 'not known' : 'nothing'
}

function renderField(payload: Payload, { leaf, field }: ExplainedLeaf): RenderedField {
  if (field === null) {
    // As JSON, so that the text "12" and the number 12 do not look alike.
    const value = toVisibleText(canonicalize(leaf.value), false)
    return {
      pointer: leaf.pointer,
      label: toVisibleText(leaf.pointer, false).text,
      format: 'unexplained',
      value_text: value.text,
      group: 'Unexplained',
      must_see: true,
      hidden_characters: value.hidden_characters,
    }
  }
  const value = renderValue(payload, leaf, field)
  const places = leaf.segments.filter((segment) => typeof segment === 'number')
  return {
    pointer: leaf.pointer,
    label: [field.label, ...places.map((place) => place + 1)].join(' '),
    format: field.format,
    value_text: value.text,
    group: field.group,
    must_see: field.must_see,
    hidden_characters: value.hidden_characters,
  }
}

function renderValue(payload: Payload, leaf: ExplainedLeaf['leaf'], field: NonNullable<ExplainedLeaf['field']>): VisibleText {
  const value = leaf.value
  if (value === null || Array.isArray(value)) return toPlain('none')
  if (typeof value === 'boolean') return toPlain(value ? 'yes' : 'no')
  if (typeof value === 'number') {
    if (field.format === 'money') {
      return toPlain(formatMoney(value, findCurrency(payload, leaf, field) ?? 'no currency'))
    }
    return toPlain(field.format === 'bytes' ? `${value} bytes` : String(value))
  }
  const text = String(value)
  if (field.format === 'sha256' || field.format === 'image') return toPlain(seal(text))
  return toVisibleText(text, blockFormats.has(field.format))
}

const blockFormats = new Set(['long_text', 'markdown', 'html', 'code'])

function toPlain(text: string): VisibleText {
  return { text, hidden_characters: 0 }
}

/** Line by line, because a whole rendering may have more members than one canonical text allows. */
function hashDisplay(rendering: Omit<RenderedAction, 'display_sha256'>): string {
  const { fields, coverage, sentence, ...plain } = rendering
  const lines: unknown[] = [
    { renderer_version: rendererVersion, ...plain },
    ...sentence,
    ...fields,
    { explained: coverage.explained, present: coverage.present, missing: coverage.missing },
  ]
  const hash = sha256.create()
  for (const line of lines) hash.update(toUtf8(`${canonicalize(line)}\n`))
  return bytesToHex(hash.digest())
}
