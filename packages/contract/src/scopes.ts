/** What an executor key may do (security.md, "Executor keys"). A key never decides. */
import * as z from 'zod/mini'

export const scopes = ['runs:read', 'runs:write', 'artifacts:write', 'actions:propose', 'actions:execute', 'approvals:request'] as const
export type Scope = (typeof scopes)[number]
export const scopeSchema = z.enum(scopes)
