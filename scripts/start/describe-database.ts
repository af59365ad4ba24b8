import { readFileSync } from 'node:fs'

/** What the welcome says about the control plane's database: of PostgreSQL host and database name, never the user or the password. */
export function describeDatabase(environment: { DATABASE_URL?: string | undefined; DATABASE_URL_FILE?: string | undefined }): string {
  const { DATABASE_URL: text, DATABASE_URL_FILE: file } = environment
  if (text) return describePostgres(text)
  if (file) return describePostgres(readFileSync(file, 'utf8').trim())
  return 'embedded (it does not wait for the disk; use PostgreSQL for what must not be lost)'
}

/** An unescaped `/`, `?` or `#` in a password moves the @ behind it, and parts of it to where host and name are: then nothing is shown. */
function describePostgres(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const name = url?.pathname.slice(1) ?? ''
  const host = url?.searchParams.get('host') ?? url?.host ?? ''
  const rest = url === null ? '@' : url.pathname + url.search + url.hash
  const shown = !rest.includes('@') && /^[\w.-]{1,63}$/.test(name) && /^[\w.:/[\]-]{1,255}$/.test(host)
  return shown ? `PostgreSQL, ${name} at ${host}` : 'PostgreSQL'
}
