import type { AuditEvent } from '@autopack/contract/audit'
import { Icon, type IconName } from '../../shared/icon.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { toResultWords } from './audit-words.ts'

const principalIcons: Record<AuditEvent['auth_principal_type'], IconName> = {
  operator: 'person',
  executor: 'executor',
  console: 'page',
  system: 'clock',
  anonymous: 'ghost',
}

export function PrincipalIcon({ type }: { type: AuditEvent['auth_principal_type'] }) {
  return <Icon name={principalIcons[type]} label={type} />
}

const toneMarks = { halted: 'halted', failed: 'failed', needs: 'unknown' } as const

/** Refusals, failures and the unknown speak; everything that went its way stays quiet. */
export function ResultMark({ event }: { event: AuditEvent }) {
  const { tone, text } = toResultWords(event)
  if (tone === 'quiet') return <span className="muted name">{text}</span>
  return <StateMark kind={toneMarks[tone]} label={text} />
}
