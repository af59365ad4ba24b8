import { CommandLine } from '../../shared/command-line.tsx'
import { useSession } from '../../shared/session.ts'

/** Where nothing has ever run: what will appear here, and the one command that makes it appear. */
export function FirstSteps({ demo }: { demo: boolean | undefined }) {
  const { operator } = useSession()
  if (demo === undefined) return null
  return (
    <div className="now-first">
      {demo && <p>No agent has run here yet. This starts one on a real folder; what it wants to do outside waits here for a person.</p>}
      {!demo && operator.role === 'admin' && (
        <p>No agent has run here yet. An executor needs a key; this makes one, where the console runs, and prints it once.</p>
      )}
      {!demo && operator.role !== 'admin' && (
        <p>No agent has run here yet. An executor needs a key, and admins make them: ask one to run this where the console runs.</p>
      )}
      <CommandLine command={demo ? 'npm run demo:run' : 'npm run keys -- create my-executor'} />
    </div>
  )
}
