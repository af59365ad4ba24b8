import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDockerignore } from './ignored-by-docker.ts'

const isIgnored = readDockerignore(readFileSync(join(import.meta.dirname, '../../../.dockerignore'), 'utf8'))

test.each([
  'package.json',
  'apps/bff/src/server.ts',
  'packages/contract/package.json',
  'deploy/nginx/tls/listen.conf',
  'deploy/server/ask-health.ts',
  'scripts/build.ts',
])('%s gets into a build', (path) => expect(isIgnored(path)).toBe(false))

test.each([
  'secrets/jwt-private.pem',
  '.autopack/secrets/demo.json',
  '.git/config',
  '.env',
  'apps/.env.local',
  'apps/bff/key.pem',
  'apps/bff/node_modules/x',
  'node_modules/x',
  'apps/web/dist/index.html',
  'apps/bff/src/server.test.ts',
  'apps/bff/src/test/send-request.ts',
  'scripts/keys.ts',
  'images.env',
])('%s stays out of every build', (path) => expect(isIgnored(path)).toBe(true))
