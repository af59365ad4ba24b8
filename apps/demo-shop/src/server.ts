/** The demo shop as a process: reads its environment, opens its folder, serves until told to stop. */
import { resolve } from 'node:path'
import { lockDirectory } from '@autopack/server-kit/directory-lock'
import { readEnvironment, refuseToStart } from '@autopack/server-kit/environment'
import { createLog } from '@autopack/server-kit/log'
import { serve, stopOnSignals } from '@autopack/server-kit/serve'
import { createShop } from './app.ts'
import { variables } from './environment.ts'
import { openListingStore } from './listing-store.ts'

const reading = readEnvironment(variables, process.env)
if (!reading.ok) refuseToStart('demo-shop', reading.problems)
const { host, port, token, dataDir } = reading.values
if (token === null) refuseToStart('demo-shop', ['DEMO_SHOP_TOKEN: is not set, so nobody could be told apart; set it or DEMO_SHOP_TOKEN_FILE'])
const log = createLog({ name: 'demo-shop', level: 'info', secrets: reading.secrets })
for (const warning of reading.warnings) log.warn(warning)

try {
  const folder = resolve(dataDir, 'demo-shop')
  const release = lockDirectory(folder)
  const store = openListingStore(folder)
  // The port may be 0 in tests: the address is known only once it listens, before the first request.
  const options = { store, token, origin: '', now: () => new Date() }
  const serving = await serve({ fetch: createShop(options).fetch, host, port, log })
  // Whatever it listens on: in a container the port is published on 127.0.0.1, so that the console's cookies never reach it.
  options.origin = `http://127.0.0.1:${serving.port}`
  stopOnSignals(log, async () => {
    await serving.stop()
    store.close()
    release()
  })
  log.info({ url: options.origin, listings: store.listings.length }, 'the demo shop is open')
  process.send?.({ type: 'ready', port: serving.port })
} catch (error) {
  const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  log.fatal(busy ? `port ${port} is in use; choose another with DEMO_SHOP_PORT` : (error as Error).message)
  process.exit(1)
}
