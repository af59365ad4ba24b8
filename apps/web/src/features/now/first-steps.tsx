import { CommandLine } from '../../shared/command-line.tsx'
import { Link } from '../../shared/link.tsx'
import { useSession } from '../../shared/session.ts'
import { toKeyCommand } from './key-command.ts'

/** Where nothing has ever run: what will appear here, and the one command that makes it appear. */
export function FirstSteps({ demo }: { demo: boolean | undefined }) {
  const { operator } = useSession()
  if (demo === undefined) return null
  if (!demo && operator.role !== 'admin') {
    return (
      <div className="now-first">
        <p>No agent has run here yet. An executor needs a key, and admins make them: ask one. What it wants to do outside waits here for a person.</p>
      </div>
    )
  }
  return (
    <div className="now-first">
      {demo ? (
        <p>No agent has run here yet. This starts one on a real folder; what it wants to do outside waits here for a person.</p>
      ) : (
        <p>
          No agent has run here yet. An executor needs a key: <Link to="/settings/keys">make one here</Link>, or with this, which asks for your
          password.
        </p>
      )}
      <CommandLine command={demo ? 'npm run demo:run' : toKeyCommand(location.origin, operator.name)} />
      {!demo && (
        <p className="muted">
          Run it in a checkout of Autopack Console, on any machine that reaches this address. Where acts take a passkey, only the page makes keys.
        </p>
      )}
    </div>
  )
}
