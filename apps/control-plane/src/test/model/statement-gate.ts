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
  let died = false
  let committed = false
  return {
    beforeStatement: (text) => {
      // Undoing is what the database does by itself for a process that is gone.
      if (/^rollback/i.test(text)) return
      left -= 1
      if (left < 1) {
        died = true
        throw new ProcessDied(`before: ${text.slice(0, 80)}`)
      }
      if (/^(commit|release savepoint)/i.test(text)) committed = true
    },
    dieBefore: (statement) => {
      left = statement
      died = false
      committed = false
    },
    rebirth: () => {
      left = Number.POSITIVE_INFINITY
      return { died, committed }
    },
  }
}
