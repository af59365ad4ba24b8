import type { RevisionField } from './read-revision.ts'

export type RevisionChange = { pointer: string; label: string; before: string | null; after: string | null }
export type RevisionDifference = { changes: RevisionChange[]; equal: number }

/** What one revision says other than the one before, leaf by leaf; null: the leaf is not in that one. */
export function compareRevisions(before: readonly RevisionField[], after: readonly RevisionField[]): RevisionDifference {
  const old = new Map(before.map((field) => [field.pointer, field]))
  const now = new Set(after.map((field) => field.pointer))
  const changed = after
    .filter((field) => old.get(field.pointer)?.value_text !== field.value_text)
    .map(({ pointer, label, value_text }) => ({ pointer, label, before: old.get(pointer)?.value_text ?? null, after: value_text }))
  const gone = before
    .filter((field) => !now.has(field.pointer))
    .map(({ pointer, label, value_text }) => ({ pointer, label, before: value_text, after: null }))
  return { changes: [...changed, ...gone], equal: after.length - changed.length }
}
