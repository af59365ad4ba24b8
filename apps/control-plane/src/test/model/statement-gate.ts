/** Every statement on its way to the database, so that a step can die before any of them. */

class ProcessDied extends Error {
  override readonly name = 'ProcessDied'
}

export type StatementGate = {
  /** Called with the text of each statement; throws from the one before which the process dies until it is reborn. */
  beforeStatement: (text: string) => void
  /** Dies before the given statement, counted from 1. */
  dieBefore: (statement: number) => void
  /** Lets statements through again; whether it died, and whether a transaction had committed by then. */
  rebirth: () => { died: boolean; committed: boolean }
}

export function createStatementGate(): StatementGate {
  let left = Number.POSITIVE_INFINITY
  /** Transactions and savepoints that are open. */
  let depth = 0
  let died = false
  let committed = false
  return {
    beforeStatement: (text) => {
      // Undoing is what the database does by itself for a process that is gone.
      if (/^rollback/i.test(text)) {
        depth -= 1
        return
      }
      left -= 1
      if (left < 1) {
        died = true
        throw new ProcessDied(`before: ${text.slice(0, 80)}`)
      }
      if (/^(begin|savepoint)/i.test(text)) depth += 1
      if (/^(commit|release savepoint)/i.test(text)) {
        depth -= 1
        // A savepoint within a transaction of the product is not its end.
        if (depth === 0) committed = true
      }
    },
    dieBefore: (statement) => {
      left = statement
      depth = 0
      died = false
      committed = false
    },
    rebirth: () => {
      left = Number.POSITIVE_INFINITY
      return { died, committed }
    },
  }
}
