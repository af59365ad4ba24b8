/** Stops an operation between two of its SQL statements, without the operation knowing: every pg connection asks here first. */
import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'

/** One operation under way: what it has said to the database, and where it is to stop. */
export type Watched = {
  statements: string[]
  /** Stops before the statement of this number, counted from 0; null: never. */
  pauseBefore: number | null
  reached: PromiseWithResolvers<void>
  resumed: PromiseWithResolvers<void>
}

const watched = new AsyncLocalStorage<Watched>()

export function watch(pauseBefore: number | null): Watched {
  return { statements: [], pauseBefore, reached: Promise.withResolvers(), resumed: Promise.withResolvers() }
}

/** Runs an operation whose statements are counted, on whichever connection they go. */
export function runWatched<T>(operation: Watched, run: () => Promise<T>): Promise<T> {
  return watched.run(operation, run)
}

/** Puts the question before every query of this process; the returned function takes it away again. */
export function interceptStatements(): () => void {
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown
  const intercepted = function (this: pg.Client, ...args: unknown[]): unknown {
    const operation = watched.getStore()
    // Only what promises can be held back; everything the product sends does.
    if (operation === undefined || typeof args.at(-1) === 'function') return original.apply(this, args)
    const place = operation.statements.push(toText(args[0])) - 1
    if (place !== operation.pauseBefore) return original.apply(this, args)
    operation.reached.resolve()
    return operation.resumed.promise.then(() => original.apply(this, args))
  }
  pg.Client.prototype.query = intercepted as typeof pg.Client.prototype.query
  return () => {
    pg.Client.prototype.query = original as typeof pg.Client.prototype.query
  }
}

function toText(query: unknown): string {
  if (typeof query === 'string') return query
  return (query as { text?: string }).text ?? ''
}

/** The places inside transactions at which an operation may be stopped: before each statement after `begin`, the commit included. */
export function listPausePoints(statements: readonly string[]): number[] {
  const points: number[] = []
  let inside = false
  for (const [place, text] of statements.entries()) {
    if (inside) points.push(place)
    if (/^\s*begin\b/i.test(text)) inside = true
    if (/^\s*(commit|rollback)\b/i.test(text)) inside = false
  }
  return points
}
