import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** A certificate of one day for `localhost` that nobody else trusts, and its key: PEM files in `directory`. Needs openssl. */
export function makeCertificate(directory: string): { certificate: string; key: string } {
  const [certificate, key] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'pipe' })
  return { certificate, key }
}
