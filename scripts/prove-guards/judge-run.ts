import type { VitestReport } from '../test/read-vitest-report.ts'

/** `failed`: an assertion of the test did. `broken`: it did not come so far, which proves nothing. */
export type Verdict = { kind: 'passed' | 'failed' | 'broken'; why: string }

/** What a run of vitest says about one test; its name as vitest prints it, `group > test`. */
export function judgeRun(report: VitestReport | null, testName: string): Verdict {
  if (report === null) return { kind: 'broken', why: 'the run ended without a report' }
  const tests = report.testResults
    .flatMap((suite) => suite.assertionResults)
    .filter((test) => [...test.ancestorTitles, test.title].join(' > ') === testName)
  if (tests.length === 0) {
    const suite = report.testResults.find(({ message }) => message !== '')
    return { kind: 'broken', why: suite === undefined ? 'there is no test of this name' : firstLine(suite.message) }
  }
  if (tests.every(({ status }) => status === 'passed')) return { kind: 'passed', why: '' }
  const messages = tests.filter(({ status }) => status === 'failed').flatMap((test) => test.failureMessages ?? [])
  // Whatever expect() throws; an error of another kind is the test, the file or the set-up falling over.
  const assertion = messages.find((message) => /^(AssertionError\b|Error: promise (resolved|rejected) .* instead of )/.test(message))
  if (assertion !== undefined) return { kind: 'failed', why: firstLine(assertion) }
  return { kind: 'broken', why: firstLine(messages[0] ?? `the test was ${tests[0]!.status}`) }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]!.slice(0, 200)
}
