import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createDeploymentSecrets } from '../../secrets/deployment-secrets.ts'
import type { Compose } from './read-compose.ts'

export type MountedSecrets = {
  /** A folder for each service, with the secrets that the compose file gives it, each 0444. */
  folder: string
  read: (service: string, secret: string) => string
  remove: () => void
}

/** Makes secrets with the command's own function and lays them out as compose mounts them; database URLs lead to `socketDirectory`. */
export function mountSecrets(compose: Compose, socketDirectory: string, options: { demo: boolean }): MountedSecrets {
  const made = mkdtempSync(join(tmpdir(), 'autopack-secrets-'))
  const folder = mkdtempSync(join(tmpdir(), 'autopack-run-'))
  chmodSync(folder, 0o755)
  createDeploymentSecrets(made, { ...options, consoleOrigin: 'https://console.example.org' })
  const socket = '/var/run/postgresql'
  for (const [service, { secrets }] of Object.entries(compose.services)) {
    mkdirSync(join(folder, service), { mode: 0o755 })
    for (const secret of secrets ?? []) {
      const file = basename(compose.secrets[secret]!.file!)
      // nginx's own, which no command of ours makes.
      if (file.startsWith('tls-')) continue
      const text = readFileSync(join(made, file), 'utf8').replaceAll(encodeURIComponent(socket), encodeURIComponent(socketDirectory))
      writeFileSync(join(folder, service, secret), text)
      chmodSync(join(folder, service, secret), 0o444)
    }
  }
  rmSync(made, { recursive: true })
  return {
    folder,
    read: (service, secret) => readFileSync(join(folder, service, secret), 'utf8').trim(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
