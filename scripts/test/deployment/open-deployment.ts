import { mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { startPostgres } from '../start-postgres.ts'
import type { RunningPostgres } from '../start-postgres.ts'
import type { ImageTree } from './build-image-tree.ts'
import { mountSecrets } from './mount-secrets.ts'
import type { MountedSecrets } from './mount-secrets.ts'
import { readCompose } from './read-compose.ts'
import type { Compose, ComposeService } from './read-compose.ts'
import { runRolesAndSchemas } from './run-roles-and-schemas.ts'
import { startService } from './start-service.ts'
import type { StartedService } from './start-service.ts'

export const superuserPassword = 'the-superuser-of-a-test'

export type Deployment = {
  compose: Compose
  secrets: MountedSecrets
  postgres: RunningPostgres
  /** `console` is what people type: nginx, where a test starts it in front of the BFF. */
  ports: { console: number; bff: number; controlPlane: number; shop: number }
  /** Starts a service of the file; `change` is what a test breaks. */
  start: (name: string, change?: (service: ComposeService) => ComposeService) => StartedService
  close: () => Promise<void>
}

/**
 * A compose file on this machine without a container engine: its database (initdb and server with its arguments, then its script), its
 * secrets, its services as processes of the image. Ports and folders are replaced; environment, command and user are what the file says.
 */
export async function openDeployment(
  root: string,
  file: string,
  image: ImageTree,
  options: { demo: boolean; answers: Readonly<Record<string, string>> },
): Promise<Deployment> {
  const compose = readCompose(readFileSync(join(root, file), 'utf8'), options.answers)
  const { environment = {}, command = [] } = compose.services['postgres']!
  const postgres = await startPostgres({
    initdbArguments: environment['POSTGRES_INITDB_ARGS']!.split(' '),
    serverArguments: command.slice(1),
    superuser: 'postgres',
    password: superuserPassword,
  })
  const secrets = mountSecrets(compose, postgres.socketDirectory, options)
  const volumes = mkdtempSync(join(tmpdir(), 'autopack-volumes-'))
  chmodSync(volumes, 0o755)
  const ports = { console: await freePort(), bff: await freePort(), controlPlane: await freePort(), shop: await freePort() }
  const started: StartedService[] = []
  const close = async () => {
    await Promise.all(started.map((service) => service.stop()))
    await postgres.stop()
    secrets.remove()
    rmSync(volumes, { recursive: true, force: true })
  }
  try {
    runRolesAndSchemas(root, postgres, join(secrets.folder, 'postgres'), superuserPassword)
  } catch (error) {
    await close()
    throw error
  }
  const subnet = compose.services['bff']!.environment!['AUTOPACK_TRUSTED_PROXIES']!
  const here = {
    'control-plane:4601': `127.0.0.1:${ports.controlPlane}`,
    'demo-shop:4602': `127.0.0.1:${ports.shop}`,
    '0.0.0.0': '127.0.0.1',
    [subnet]: '127.0.0.1/32',
    'localhost:4600': `localhost:${ports.console}`,
    '4600': String(ports.bff),
    '4601': String(ports.controlPlane),
    '4602': String(ports.shop),
  }
  return {
    compose,
    secrets,
    postgres,
    ports,
    start(name, change = (service) => service) {
      const service = startService(name, change(compose.services[name]!), { image, secrets: secrets.folder, volumes, here })
      started.push(service)
      return service
    },
    close,
  }
}
