/** What `npm test` has counted so far, and how it tells. */
export type Tally = {
  passed: number
  failures: string[]
  /** Counts one check and prints it; `detail` is shown when it failed. */
  note: (ok: boolean, name: string, detail?: string) => void
  /** Prints something that is no check, under the last one. */
  tell: (text: string) => void
}

export function createTally(): Tally {
  const tally: Tally = {
    passed: 0,
    failures: [],
    note(ok, name, detail = '') {
      if (ok) tally.passed += 1
      else tally.failures.push(name)
      process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok || detail === '' ? '' : `\n${indent(detail)}`}\n`)
    },
    tell: (text) => void process.stdout.write(`${indent(text.trimEnd())}\n`),
  }
  return tally
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '     ')
}
