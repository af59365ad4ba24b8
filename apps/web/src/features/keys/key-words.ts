import type { Executor, keyStandings } from '@autopack/contract/executors'
import { scopes, type Scope } from '@autopack/contract/scopes'
import type { MarkKind } from '../../shared/state-mark.tsx'

export type ExecutorKey = NonNullable<Executor['keys']>[number]

/** Whether an executor may be called so. */
export function isExecutorName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)
}

export const scopeWords: Readonly<Record<Scope, string>> = {
  'runs:read': 'reads its own runs',
  'runs:write': 'reports runs and usage',
  'artifacts:write': 'stores files',
  'approvals:request': 'asks people for approvals',
  'actions:propose': 'proposes actions',
  'actions:execute': 'executes what was approved',
}

/** What a key may do, in words; one word for all of it. */
export function toScopeWords(granted: readonly Scope[]): string {
  if (scopes.every((scope) => granted.includes(scope))) return 'everything an executor may do'
  return granted.map((scope) => scopeWords[scope]).join(', ')
}

export const standingWords: Readonly<Record<(typeof keyStandings)[number], { kind: MarkKind; label: string; quiet: boolean }>> = {
  live: { kind: 'ok', label: 'Works', quiet: true },
  expiring: { kind: 'halted', label: 'Ends soon', quiet: false },
  replaced: { kind: 'superseded', label: 'Replaced', quiet: true },
  expired: { kind: 'expired', label: 'Ended', quiet: true },
  revoked: { kind: 'idle', label: 'Revoked', quiet: true },
}

/** Whether a key still opens anything. */
export function isInUse({ standing }: ExecutorKey): boolean {
  return standing === 'live' || standing === 'expiring' || standing === 'replaced'
}

/** Who else sees what an executor does; `sharedWith` null: not for whoever asks to know. */
export function toSharingWords(everyone: boolean, sharedWith: readonly { name: string }[] | null): string {
  if (everyone) return 'everybody sees what it does'
  if (sharedWith === null) return 'shared with you'
  if (sharedWith.length === 0) return 'only its owner and admins see what it does'
  const names = sharedWith.slice(0, 3).map(({ name }) => name)
  const more = sharedWith.length - names.length
  return `seen by ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} too`
}

/** Shows that a key works, without the key: what is typed into a shell stays in its history. */
export const tryCommand = 'curl -H "x-api-key: $AUTOPACK_EXECUTOR_KEY" "$AUTOPACK_URL/control"'
