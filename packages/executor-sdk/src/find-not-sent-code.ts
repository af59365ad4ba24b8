/** Errors of opening a connection. */
const connecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL'])

/**
 * The code of an error of `fetch` that came while no connection existed, so that no byte of the request was written; null for every other.
 * An unreachable host and a timeout may also be told of a connection that was open, by a read or a write: only the system call says which.
 * One code stands for all attempts of a happy-eyeballs connection.
 */
export function findNotSentCode(error: unknown): string | null {
  const cause = (error as Error).cause
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    const codes = cause.errors.map((inner) => findConnectingCode(inner))
    return codes.every((code) => code !== null) ? codes[0]! : null
  }
  return findConnectingCode(cause)
}

function findConnectingCode(cause: unknown): string | null {
  const { code, syscall } = (cause ?? {}) as NodeJS.ErrnoException
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return code
  return code !== undefined && connecting.has(code) && (syscall === 'connect' || syscall === 'getaddrinfo') ? code : null
}
