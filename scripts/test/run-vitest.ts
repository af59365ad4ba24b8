import { join } from 'node:path'
import { countVitest } from './count-vitest.ts'
import { lastLines } from './last-lines.ts'
import { runCommand } from './run-command.ts'
import type { Tally } from './tally.ts'

/** Runs the suites whose paths hold one of `files` (none given: all) and counts each of their tests. */
export async function runVitest(
  tally: Tally,
  suites: { name: string; files: string[]; env: Record<string, string>; results: string },
): Promise<void> {
  const { name } = suites
  const file = join(suites.results, `${name}.json`)
  const ended = await runCommand(['vitest', 'run', '--reporter=json', `--outputFile=${file}`, '--reporter=dot', ...suites.files], { env: suites.env })
  const counted = countVitest(file)
  if (ended.status !== 0 && counted.failed.length === 0) counted.failed.push(`${name}: the run failed outside its tests`)
  tally.passed += counted.passed
  for (const failed of counted.failed) tally.note(false, `${name}: ${failed}`)
  if (counted.failed.length > 0) tally.tell(lastLines(ended.output, 120))
  tally.tell(`${name}: ${counted.passed} passed, ${counted.failed.length} failed`)
}
