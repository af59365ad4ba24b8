import { Icon, type IconName } from './icon.tsx'

/** Shape, then word, then colour. Six colours; several shapes share one. */
const marks = {
  needs: { colour: 'needs', icon: 'needs' },
  waiting: { colour: 'needs', icon: 'waiting' },
  unknown: { colour: 'needs', icon: 'unknown' },
  running: { colour: 'running', icon: 'running' },
  hold: { colour: 'running', icon: 'hold' },
  ok: { colour: 'ok', icon: 'ok' },
  failed: { colour: 'failed', icon: 'failed' },
  halted: { colour: 'halted', icon: 'halted' },
  idle: { colour: 'idle', icon: 'idle' },
  expired: { colour: 'idle', icon: 'expired' },
  superseded: { colour: 'idle', icon: 'superseded' },
  simulated: { colour: 'idle', icon: 'simulated' },
} as const satisfies Record<string, { colour: string; icon: IconName }>

export type MarkKind = keyof typeof marks

/** `quiet`: in lists the ordinary states keep the coloured shape and lose the coloured word. `iconOnly`: the word is for screen readers. */
export function StateMark({ kind, label, quiet, iconOnly }: { kind: MarkKind; label: string; quiet?: boolean; iconOnly?: boolean }) {
  const { colour, icon } = marks[kind]
  return (
    <span className={quiet ? 'mark quiet' : 'mark'} data-s={colour} title={iconOnly ? label : undefined}>
      <Icon name={icon} />
      <span className={iconOnly ? 'sr' : undefined}>{label}</span>
    </span>
  )
}
