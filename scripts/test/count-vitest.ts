import { readVitestReport } from './read-vitest-report.ts'

/** Counts a run of vitest. Whatever did not pass counts as failed: skipped, to be written, a file without a test, a missing report. */
export function countVitest(file: string): { passed: number; failed: string[] } {
  const report = readVitestReport(file)
  if (report === null) return { passed: 0, failed: ['the test run ended without a report'] }
  const counted = { passed: 0, failed: [] as string[] }
  for (const suite of report.testResults) {
    if (suite.assertionResults.length === 0) counted.failed.push(`${suite.name}: no test ran: ${suite.message.slice(0, 500)}`)
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') counted.passed += 1
      else counted.failed.push(`${test.fullName} (${test.status})`)
    }
  }
  return counted
}
