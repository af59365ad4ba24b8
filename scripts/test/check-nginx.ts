/**
 * nginx itself reads its configuration in each form that is offered, and the two traps that it says nothing about are looked
 * for: one `add_header` or `proxy_set_header` in a block silently cancels every inherited one there.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNginx } from './find-nginx.ts'
import { freePort } from './free-port.ts'
import { makeCertificate } from './make-certificate.ts'
import { placeNginx } from './place-nginx.ts'
import type { NginxPlace } from './place-nginx.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

const root = process.cwd()
const homes: Readonly<Record<string, string>> = {
  add_header: 'deploy/nginx/security-headers.conf',
  proxy_hide_header: 'deploy/nginx/security-headers.conf',
  proxy_set_header: 'deploy/nginx/to-bff.conf',
}
const problems: string[] = []

const files = (readdirSync(join(root, 'deploy/nginx'), { recursive: true }) as string[]).filter((name) => name.endsWith('.conf'))
for (const file of ['nginx.conf', ...files.map((name) => `deploy/nginx/${name}`)]) {
  for (const [, directive] of readFileSync(join(root, file), 'utf8').matchAll(/^\s*([a-z_]+)\s/gm)) {
    const home = homes[directive!]
    if (home !== undefined && home !== file) problems.push(`${file}: ${directive} would cancel those of ${home} here; it belongs there`)
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'autopack-nginx-check-'))
try {
  const program = findNginx()
  const plain = async (): Promise<NginxPlace> => ({ port: await freePort(), upstreamPort: 4600, webDirectory: null })
  const forms: Record<string, NginxPlace> = {
    'plain http': await plain(),
    'TLS ends here': { ...(await plain()), tls: { port: await freePort(), ...makeCertificate(scratch) } },
    'behind a load balancer': { ...(await plain()), loadBalancer: true },
  }
  for (const [name, place] of Object.entries(forms)) {
    const placed = placeNginx(root, place)
    const args = ['-t', '-q', '-p', placed.directory, '-e', join(placed.directory, 'error.log'), '-c', placed.configuration]
    const tested = spawnSync(program, args, { ...unprivilegedUser(), cwd: placed.directory, encoding: 'utf8' })
    placed.remove()
    if (tested.status !== 0) problems.push(`${name}: ${tested.stderr.replaceAll(`${placed.directory}/`, '').trim()}`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exitCode = 1
}
