/** A start that cannot happen, with the one line that says why and what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}
