/** `npm run build`: the pages of the console, when something they are made of changed. */
import { buildWeb } from './build-web.ts'

try {
  const result = await buildWeb(`${import.meta.dirname}/..`)
  console.log(result.built ? `Built apps/web/dist in ${result.seconds.toFixed(1)} s.` : 'apps/web/dist is up to date.')
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
