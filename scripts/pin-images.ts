/** `npm run pin:images`: asks the registries for digests and writes images.env, which both compose files read. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findBaseImages } from './pin-images/find-base-images.ts'
import { findDigest } from './pin-images/find-digest.ts'

const help = `npm run pin:images -- [--server IMAGE:TAG] [--frontend IMAGE:TAG] [--output FILE]

Asks docker (buildx imagetools inspect) for the digest behind each tag and writes FILE (images.env) for
docker compose --env-file images.env. The base images are those of the Dockerfiles and docker-compose.yml;
--server and --frontend are your own, as you pushed them. Nothing is written when one answer is missing.`

let values
try {
  values = parseArgs({
    options: {
      server: { type: 'string' },
      frontend: { type: 'string' },
      output: { type: 'string', default: 'images.env' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values
} catch (error) {
  console.error(`${(error as Error).message.split('. ')[0]}\n\n${help}`)
  process.exit(2)
}
if (values.help) {
  console.log(help)
  process.exit(0)
}
const root = resolve(import.meta.dirname, '..')
const images: Record<string, string | undefined> = {
  ...findBaseImages(root),
  AUTOPACK_SERVER_IMAGE: values.server,
  AUTOPACK_FRONTEND_IMAGE: values.frontend,
}
try {
  const lines = Object.entries(images).flatMap(([name, image]) => (image === undefined ? [] : [`${name}=${image}@${findDigest(image)}`]))
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), values.output)
  writeFileSync(file, `${lines.join('\n')}\n`)
  console.log(`${lines.join('\n')}\n\nWritten to ${file}: docker compose --env-file ${values.output} …`)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
