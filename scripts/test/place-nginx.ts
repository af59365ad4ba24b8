/**
 * `nginx.conf` and its files the way the image has them, in a folder of their own. The rules themselves are copied byte for
 * byte; only what differs from place to place (ports, addresses, folders) is replaced, and this is the one place that says how.
 */
import { chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unprivilegedUser } from './unprivileged-user.ts'

export type NginxPlace = {
  port: number
  upstreamPort: number
  /** Copied, because nginx runs as a user who may not see the checkout; null: no pages. */
  webDirectory: string | null
  /** Ends TLS on this port too, with this certificate: PEM files. */
  tls?: { port: number; certificate: string; key: string }
  /** Behind a load balancer on this machine that ends TLS. */
  loadBalancer?: boolean
}

export type PlacedNginx = { directory: string; configuration: string; remove: () => void }

export function placeNginx(root: string, place: NginxPlace): PlacedNginx {
  const directory = mkdtempSync(join(tmpdir(), 'autopack-nginx-'))
  const source = join(root, 'deploy/nginx')
  const files = join(directory, 'autopack')
  const html = join(directory, 'html')
  cpSync(join(root, 'nginx.conf'), join(directory, 'nginx.conf'))
  cpSync(source, files, { recursive: true })
  if (place.webDirectory !== null) cpSync(place.webDirectory, html, { recursive: true })
  if (place.tls) {
    cpSync(place.tls.certificate, join(directory, 'tls_certificate'))
    cpSync(place.tls.key, join(directory, 'tls_certificate_key'))
  }

  const write = (name: string, from: string, replacements: Readonly<Record<string, string>>) => {
    let text = readFileSync(join(source, from), 'utf8')
    for (const [old, now] of Object.entries(replacements)) {
      if (!text.includes(old)) throw new Error(`deploy/nginx/${from} does not say ${old} any more`)
      text = text.replaceAll(old, now)
    }
    writeFileSync(join(files, name), text)
  }
  write('process.conf', 'process.conf', { '/tmp/nginx': join(directory, 'nginx'), '/dev/stderr': join(directory, 'error.log') })
  write('upstream.conf', 'upstream.conf', {
    'bff:4600': `127.0.0.1:${place.upstreamPort}`,
    '/tmp/nginx': join(directory, 'nginx'),
    '/dev/stdout': join(directory, 'access.log'),
  })
  const plain = { 'listen 8080': `listen 127.0.0.1:${place.port}`, '/usr/share/nginx/html': html }
  if (place.tls) write('listen.conf', 'tls/listen.conf', { ...plain, 'listen 8443': `listen 127.0.0.1:${place.tls.port}`, '/run/secrets': directory })
  else write('listen.conf', 'listen.conf', plain)
  if (place.loadBalancer) write('front.conf', 'load-balancer/front.conf', { '192.0.2.1': '127.0.0.1' })
  else write('front.conf', 'front.conf', {})

  const { uid, gid } = unprivilegedUser()
  if (uid !== undefined && gid !== undefined) {
    chownSync(directory, uid, gid)
    for (const name of readdirSync(directory, { recursive: true }) as string[]) chownSync(join(directory, name), uid, gid)
  }
  return {
    directory,
    configuration: join(directory, 'nginx.conf'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
