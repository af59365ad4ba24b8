import { resolve } from 'node:path'

/** The data folder of a command: flag before environment before `.autopack` in the checkout. */
export function findDataDir(flag: string | undefined, environment: NodeJS.ProcessEnv): string {
  const root = resolve(import.meta.dirname, '../..')
  const chosen = flag ?? (environment.AUTOPACK_DATA_DIR || undefined)
  return chosen === undefined ? resolve(root, '.autopack') : resolve(environment.INIT_CWD ?? process.cwd(), chosen)
}
