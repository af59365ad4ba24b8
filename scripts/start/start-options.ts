import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type StartOptions = {
  ports: { console: number; controlPlane: number; shop: number }
  /** What people type where a proxy stands in front; null: localhost and the port of the console. */
  origin: string | null
  dataDir: string
  workspace: string
  agent: boolean
  fresh: boolean
}

export type StartReading = { kind: 'run'; options: StartOptions } | { kind: 'help' } | { kind: 'refused'; why: string }

export const startHelp = `npm start -- [OPTIONS]   the console with its demo: control plane, BFF, demo shop, demo agent

  --port N                 console (CONSOLE_PORT, 4600)
  --control-plane-port N   control plane (CONTROL_PLANE_PORT, 4601)
  --shop-port N            demo shop (DEMO_SHOP_PORT, 4602)
  --workspace DIR          what the demo agent inventories (DEMO_WORKSPACE, this checkout)
  --data-dir DIR           where everything is kept (AUTOPACK_DATA_DIR, .autopack)
  --no-agent               without the demo agent
  --fresh                  delete the data folder first; not with a PostgreSQL database
  --help                   this text

Behind a proxy: CONSOLE_ORIGIN (what people type) and AUTOPACK_TRUSTED_PROXIES (its addresses).
AUTOPACK_STEP_UP=passkey: acts about the deployment, its people and their keys take a passkey, as in production.
Ctrl-C stops everything.`

const portSettings = [
  { key: 'console', flag: 'port', variable: 'CONSOLE_PORT', unset: 4600 },
  { key: 'controlPlane', flag: 'control-plane-port', variable: 'CONTROL_PLANE_PORT', unset: 4601 },
  { key: 'shop', flag: 'shop-port', variable: 'DEMO_SHOP_PORT', unset: 4602 },
] as const

const databaseVariables = ['DATABASE_URL', 'DATABASE_URL_FILE', 'BFF_DATABASE_URL', 'BFF_DATABASE_URL_FILE']

/** How to move a port, for messages: `--port N or CONSOLE_PORT=N`. */
export function describePortSetting(key: keyof StartOptions['ports']): string {
  const setting = portSettings.find((item) => item.key === key)!
  return `--${setting.flag} N or ${setting.variable}=N`
}

/** Flag before environment before default; an empty variable is unset. `root` is the checkout; relative folders are relative to where the command was typed. */
export function readStartOptions(parameters: readonly string[], environment: NodeJS.ProcessEnv, root: string): StartReading {
  let values
  try {
    values = parseArgs({
      args: [...parameters],
      options: {
        port: { type: 'string' },
        'control-plane-port': { type: 'string' },
        'shop-port': { type: 'string' },
        workspace: { type: 'string' },
        'data-dir': { type: 'string' },
        'no-agent': { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ')
    return { kind: 'refused', why: `${sentence.replace(/\.$/, '')}. See npm start -- --help` }
  }
  if (values.help) return { kind: 'help' }
  const ports = { console: 0, controlPlane: 0, shop: 0 }
  for (const { key, flag, variable, unset } of portSettings) {
    const text = values[flag] ?? (environment[variable] || String(unset))
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (port < 1 || port > 65_535)
      return { kind: 'refused', why: `${values[flag] === undefined ? variable : `--${flag}`} must be a port from 1 to 65535.` }
    ports[key] = port
  }
  if (new Set(Object.values(ports)).size < 3) return { kind: 'refused', why: 'Console, control plane and shop need three different ports.' }
  const database = databaseVariables.find((name) => environment[name])
  // The sign-ins and secrets would be gone while the database still knows them, and no later start would come up.
  if (values.fresh && database !== undefined) {
    const why = `--fresh cannot empty a PostgreSQL database: drop its schemas (control_plane, bff), delete the folder of checkpoints and start without --fresh, or unset ${database}.`
    return { kind: 'refused', why }
  }
  const from = environment.INIT_CWD ?? process.cwd()
  const workspace = values.workspace ?? (environment.DEMO_WORKSPACE || undefined)
  const dataDir = values['data-dir'] ?? (environment.AUTOPACK_DATA_DIR || undefined)
  return {
    kind: 'run',
    options: {
      ports,
      origin: environment.CONSOLE_ORIGIN || null,
      workspace: workspace === undefined ? root : resolve(from, workspace),
      dataDir: dataDir === undefined ? resolve(root, '.autopack') : resolve(from, dataDir),
      agent: !values['no-agent'],
      fresh: values.fresh,
    },
  }
}
