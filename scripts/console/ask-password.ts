import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/**
 * The environment with AUTOPACK_ADMIN_PASSWORD asked for in the terminal when a name is set and no password, so that none
 * stands in the history of a shell. Unchanged where nobody sits at a terminal.
 */
export async function withAskedPassword(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { AUTOPACK_ADMIN_NAME: name, AUTOPACK_ADMIN_PASSWORD: given } = environment
  if (!name || given || !process.stdin.isTTY || !process.stderr.isTTY) return environment
  process.stderr.write(`Password of ${name}: `)
  // Nothing that is typed is shown.
  const silent = new Writable({ write: (_part, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  const password = await new Promise<string>((resolve, reject) => {
    reader.question('', resolve)
    reader.once('SIGINT', () => reject(new Error('Nothing was done.')))
    reader.once('close', () => reject(new Error('Nothing was done.')))
  }).finally(() => {
    reader.close()
    process.stderr.write('\n')
  })
  return { ...environment, AUTOPACK_ADMIN_PASSWORD: password }
}
