import type { ReactNode } from 'react'
import { CommandLine } from '../../shared/command-line.tsx'
import { ShownOnce } from '../../shared/settings/shown-once.tsx'
import { tryCommand } from './key-words.ts'

/** A new key, and a command that shows that it works. */
export function IssuedKey({ name, secret, children, onClose }: { name: string; secret: string; children?: ReactNode; onClose: () => void }) {
  return (
    <ShownOnce title={`The key of ${name}`} what="the key" secret={secret} onClose={onClose}>
      {children}
      <p className="muted">
        To try it, from where the executor runs, with the key in <code>AUTOPACK_EXECUTOR_KEY</code> and the address of the control plane in{' '}
        <code>AUTOPACK_URL</code>:
      </p>
      <CommandLine command={tryCommand} />
    </ShownOnce>
  )
}
