/** A JSON value without fractions. Objects have no prototype, so that every key is only a key. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Everything that decides what an action does. `request.body` null: a request without a body. */
export type Payload = {
  v: 1
  provider: string
  operation: string
  target: { [name: string]: string | number }
  mode: 'live' | 'dry_run'
  cost: { amount_minor: number; currency: string } | null
  request: { method: string; path: string; body: Json }
  files: Array<{ name: string; sha256: string; size_bytes: number }>
}
