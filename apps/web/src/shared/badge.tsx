import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** Content badge. `strong` when it changes what you may believe, `red` only for blind. */
export function Badge({ icon, tone, title, children }: { icon: IconName; tone?: 'strong' | 'red'; title?: string; children: ReactNode }) {
  return (
    <span className={tone ? `badge ${tone}` : 'badge'} title={title}>
      <Icon name={icon} />
      <span>{children}</span>
    </span>
  )
}
