import { join } from 'node:path'
import { countVitest } from './count-vitest.ts'
import { gates } from './gates.ts'
import { lastLines } from './last-lines.ts'
import { makePlantedCopy } from './planted-copy.ts'
import type { Tally } from './tally.ts'

/** Plants each violation in a copy and expects its gate to find it there; then the same for the counting of tests. */
export async function runPlanted(tally: Tally): Promise<void> {
  const copy = makePlantedCopy()
  try {
    for (const gate of gates) {
      for (const violation of gate.planted) {
        copy.plant(violation.files)
        const ended = copy.run(gate.command)
        const found = ended.status !== 0 && ended.output.includes(violation.expect)
        tally.note(
          found,
          `planted: "${gate.name}" finds ${violation.what}`,
          `status ${ended.status}, expected to read ${violation.expect}\n${lastLines(ended.output, 15)}`,
        )
      }
    }
    // The counting itself: a failing test, a skipped one and one to be written must each count as failed.
    const suites: Record<string, string> = {
      'a failing test': "test('planted', () => expect(1).toBe(2))",
      'a skipped test': "test.skip('planted', () => undefined)",
      'a test that is to be written': "test.todo('planted')",
    }
    for (const [what, body] of Object.entries(suites)) {
      copy.plant({ 'packages/contract/src/planted.test.ts': `import { expect, test } from 'vitest'\nvoid expect\n${body}\n` })
      const ended = copy.run(['vitest', 'run', '--reporter=json', '--outputFile=planted.json', 'packages/contract/src/planted.test.ts'])
      const counted = countVitest(join(copy.root, 'planted.json'))
      tally.note(counted.failed.length > 0, `planted: the unit tests count ${what} as failed`, lastLines(ended.output, 15))
    }
  } finally {
    copy.remove()
  }
}
