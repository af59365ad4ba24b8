import { CopyButton } from './copy-button.tsx'

/** A command to run, with a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  return (
    <span className="cmd">
      <code>{command}</code>
      <CopyButton text={command} label={`Copy ${command}`} />
    </span>
  )
}
