export type AcceptanceReport = {
  /** Counts one check and prints it as a sentence; `detail` is shown when it failed. */
  check: (section: string, holds: boolean, sentence: string, detail?: unknown) => void
  /** Runs a part; one that cannot go on counts as failed, with why, and the others go on. */
  part: (section: string, what: string, run: () => Promise<void>) => Promise<void>
  passed: number
  failed: number
}

export function createAcceptanceReport(): AcceptanceReport {
  const report: AcceptanceReport = {
    passed: 0,
    failed: 0,
    check(section, holds, sentence, detail) {
      report[holds ? 'passed' : 'failed'] += 1
      console.log(`${holds ? 'ok  ' : 'FAIL'} ${section.padEnd(2)} ${sentence}`)
      if (!holds && detail !== undefined) console.log(toDetail(detail).replaceAll(/^/gm, '        '))
    },
    async part(section, what, run) {
      try {
        await run()
      } catch (error) {
        report.check(section, false, `${what}: could not be finished`, error)
      }
    },
  }
  return report
}

function toDetail(detail: unknown): string {
  const text = typeof detail === 'string' ? detail : detail instanceof Error ? (detail.stack ?? detail.message) : JSON.stringify(detail, null, 1)
  return text.slice(0, 3_000)
}
