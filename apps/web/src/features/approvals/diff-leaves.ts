import { canonicalize } from '@autopack/approval-proof/canonical-json'
import type { JsonValue } from '@autopack/approval-proof/canonical-profile'
import { listJsonLeaves } from '@autopack/approval-proof/json-leaves'
import type { Payload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import type { RenderedAction, RenderedField } from '@autopack/approval-proof/render-action'
import { toVisibleText } from '@autopack/approval-proof/visible-text'

type Read = { payload: Payload; rendered: RenderedAction }
export type LeafChange = {
  pointer: string
  label: string
  group: string
  unexplained: boolean
  must_see: boolean
  /** As a person reads them; null: there is no such value. */
  before: string | null
  after: string | null
}
export type LeafDiff = {
  /** In the order of the newer rendering, and then what is gone. */
  changes: LeafChange[]
  /** Values whose hashes are equal, by the group they stand in. */
  equal: { group: string; count: number }[]
  equal_count: number
  /** Values of the newer payload. */
  count: number
  gone_count: number
}

/**
 * Two payloads of one kind, value by value. Each value is hashed together with its place (SHA-256 over its canonical form), and only equal
 * hashes count as equal; what is drawn never decides. Where two values are drawn alike and are not, they are written as JSON.
 */
export function diffLeaves(before: Read, after: Read): LeafDiff {
  const old = readLeaves(before)
  const now = readLeaves(after)
  const changes: LeafChange[] = []
  const equal = new Map<string, number>()
  for (const [pointer, leaf] of now) {
    const was = old.get(pointer)
    if (was !== undefined && was.hash === leaf.hash) equal.set(leaf.field.group, (equal.get(leaf.field.group) ?? 0) + 1)
    else changes.push(toChange(pointer, leaf.field, was, leaf))
  }
  const gone = [...old].filter(([pointer]) => !now.has(pointer))
  changes.push(...gone.map(([pointer, leaf]) => toChange(pointer, leaf.field, leaf, undefined)))
  return {
    changes,
    equal: [...equal].map(([group, count]) => ({ group, count })),
    equal_count: [...equal.values()].reduce((sum, count) => sum + count, 0),
    count: now.size,
    gone_count: gone.length,
  }
}

type Leaf = { hash: string; json: string; field: RenderedField }

function readLeaves({ payload, rendered }: Read): Map<string, Leaf> {
  const fields = new Map(rendered.fields.map((field) => [field.pointer, field]))
  const values = new Map(listJsonLeaves(payload as JsonValue).map((leaf) => [leaf.pointer, leaf.value]))
  return new Map(
    [...fields].map(([pointer, field]) => {
      const value = values.get(pointer)!
      return [pointer, { hash: payloadHash(canonicalize([pointer, value])), json: toVisibleText(canonicalize(value), false).text, field }]
    }),
  )
}

function toChange(pointer: string, field: RenderedField, was: Leaf | undefined, leaf: Leaf | undefined): LeafChange {
  const alike = was !== undefined && leaf !== undefined && was.field.value_text === leaf.field.value_text
  const draw = (item: Leaf | undefined) => (item === undefined ? null : alike ? item.json : item.field.value_text)
  const { label, group, must_see } = field
  return { pointer, label, group, must_see, unexplained: field.format === 'unexplained', before: draw(was), after: draw(leaf) }
}

/** `3 of 41 fields changed, 1 is gone; 37 proven equal`. */
export function toDiffWords({ changes, equal_count, count, gone_count }: LeafDiff): string {
  const changed = changes.length - gone_count
  const gone = gone_count === 0 ? '' : `, ${gone_count} ${gone_count === 1 ? 'is' : 'are'} gone`
  const equal = equal_count === 0 ? 'none proven equal' : `${equal_count === count ? 'all' : equal_count} proven equal`
  return `${changed} of ${count} ${count === 1 ? 'field' : 'fields'} changed${gone}; ${equal}`
}
