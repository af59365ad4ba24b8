import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Variable of the compose files → image with its tag, as the files have them; throws Error when two files disagree or one has none. */
export function findBaseImages(root: string): Record<string, string> {
  const found = new Map<string, Set<string>>()
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
  for (const [, name, image] of text.matchAll(/\$\{(AUTOPACK_(?:NODE|NGINX|POSTGRES)_IMAGE):-([^}]+)\}/g)) {
    found.set(name!, (found.get(name!) ?? new Set()).add(image!))
  }
  for (const file of ['Dockerfile.server', 'Dockerfile.frontend']) {
    for (const [, name, image] of readFileSync(join(root, file), 'utf8').matchAll(/^ARG (NODE|NGINX)_IMAGE=(\S+)$/gm)) {
      found.set(`AUTOPACK_${name}_IMAGE`, (found.get(`AUTOPACK_${name}_IMAGE`) ?? new Set()).add(image!))
    }
  }
  return Object.fromEntries(
    ['AUTOPACK_NODE_IMAGE', 'AUTOPACK_NGINX_IMAGE', 'AUTOPACK_POSTGRES_IMAGE'].map((name) => {
      const images = [...(found.get(name) ?? [])]
      if (images.length !== 1) throw new Error(`${name} is ${images.join(' and ') || 'nowhere'}: the compose file and the Dockerfiles must agree.`)
      return [name, images[0]!]
    }),
  )
}
