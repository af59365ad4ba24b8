import { runIdSchema } from '@autopack/contract/primitives'
import * as z from 'zod/mini'

export const filterNames = ['actor', 'event_type', 'run_id', 'approval_ref', 'result', 'q'] as const
export type FilterName = (typeof filterNames)[number]
export type AuditFilter = Partial<Record<FilterName, string>>

const longest: Record<FilterName, number> = { actor: 100, event_type: 100, run_id: 200, approval_ref: 100, result: 10, q: 200 }

/** The filter in the address; what the server would refuse is left out instead of failing the page. */
export function readAuditFilter(search: URLSearchParams): AuditFilter {
  const filter: AuditFilter = {}
  for (const name of filterNames) {
    const value = search.get(name)
    if (value === null || value === '' || value.length > longest[name]) continue
    if (name === 'result' && value !== 'ok' && value !== 'refused') continue
    if (name === 'run_id' && !z.safeParse(runIdSchema, value).success) continue
    filter[name] = value
  }
  return filter
}

/** The address of the story with one part of the filter set; an empty value takes it out. */
export function toAuditSearch(filter: AuditFilter, name: FilterName, value: string): string {
  const search = new URLSearchParams()
  for (const key of filterNames) {
    const text = key === name ? value : filter[key]
    if (text !== undefined && text !== '') search.set(key, text)
  }
  return search.size === 0 ? '/audit' : `/audit?${search.toString()}`
}
