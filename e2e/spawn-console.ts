import { spawn } from 'node:child_process'
import { root } from './running-console.ts'

export type ConsolePlace = {
  dataDirectory: string
  workspace: string
  port: number
  controlPlanePort: number
  shopPort: number
  environment?: Readonly<Record<string, string>>
  /** Another copy of the project than this one: its pages have to be built first. */
  root?: string
}

/** Pages may have to be built first, on a machine that does other things. */
const startLimitMs = 180_000

/** Starts the console from an empty folder, the way a person does. `stop` answers with everything that was printed. */
export async function spawnConsole(place: ConsolePlace): Promise<{ stop: () => Promise<string> }> {
  const child = spawn(
    process.execPath,
    [
      'scripts/start.ts',
      '--fresh',
      ...['--data-dir', place.dataDirectory],
      ...['--workspace', place.workspace],
      ...['--port', String(place.port)],
      ...['--control-plane-port', String(place.controlPlanePort)],
      ...['--shop-port', String(place.shopPort)],
    ],
    { cwd: place.root ?? root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...place.environment } },
  )
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  child.stderr.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    return output
  }
  const deadline = Date.now() + startLimitMs
  // The last line of the start's message; everything before it has been printed by then.
  while (!output.includes('Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`the start ended with ${child.exitCode}:\n${output}`)
    if (Date.now() > deadline) throw new Error(`the console was not ready within ${startLimitMs} ms:\n${await stop()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { stop }
}
