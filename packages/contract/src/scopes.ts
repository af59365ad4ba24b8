/** What an executor key may do (security.md, "Executor keys"). A key never decides. */
import * as z from 'zod/mini'

export const scopes = ['runs:read', 'runs:write', 'artifacts:write', 'actions:propose', 'actions:execute', 'approvals:request'] as const
export type Scope = (typeof scopes)[number]
export const scopeSchema = z.enum(scopes)

/** As a statement that is signed has them: each once, in one order, with a space between. */
export function toScopeList(given: readonly Scope[]): string {
  return [...new Set(given)].toSorted().join(' ')
}
export const scopeListSchema = z.string().check(
  z.maxLength(200),
  z.refine((list) => list !== '' && toScopeList(list.split(' ').filter(isScope)) === list, 'scopes, each once, sorted, with a space between'),
)

function isScope(word: string): word is Scope {
  return (scopes as readonly string[]).includes(word)
}
