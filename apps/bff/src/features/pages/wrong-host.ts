/**
 * Cookies ignore ports, so the console lives at `localhost` and everything else on this machine at `127.0.0.1`: whoever
 * types the number is sent to the name. Any other plain-http host would have no passkeys and no WebCrypto.
 */

/** The origin to send a browser to, or null when there is no right place. */
export function redirectOfHost(host: string, origin: string): string | null {
  const port = host.replace(/^(127\.0\.0\.1|\[::1\]|localhost)(?=:|$)/, '')
  if (port === host) return null
  const own = new URL(origin)
  if (own.hostname !== 'localhost') return null
  return port === (own.port === '' ? '' : `:${own.port}`) ? origin : null
}

export function secureContextPage(origin: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Open the console at its own address</title>
  </head>
  <body>
    <h1>Open the console at its own address</h1>
    <p>The console is at <a href="${origin}">${origin}</a>.</p>
    <p>
      Under any other name the browser keeps your session and your passkeys apart, and over plain http it offers neither passkeys nor the
      cryptography that checks what you approve. To use the console from another machine, put it behind https and set CONSOLE_ORIGIN.
    </p>
  </body>
</html>
`
}
