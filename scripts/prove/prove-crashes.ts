import { fileURLToPath } from 'node:url'
import { readFlags } from '../flags/read-flags.ts'
import { crashPoints } from './crashes/crash-points.ts'
import type { Finding } from './crashes/judge-crashes.ts'
import { playRound } from './crashes/play-round.ts'

/** `violations` in words, with the round and the seed that show them again. Points are played side by side: only the last row's `seconds` is the time of all. */
export type CrashRow = { point: string; sentence: string; rounds: number; violations: string[]; seconds: number }
export type CrashProof = {
  rounds: number
  seed: number
  tell: (line: string) => void
  /** Words of the names of the only points to play; all without them. */
  only?: string
}

const wholeRound = 'the whole round'

/**
 * Kills control plane, executor and database with SIGKILL at every named point, `rounds` times each, and judges what is left: no
 * acknowledged write lost, no effect twice, nothing torn (safety.md, I-16, I-17, I-19). Real processes, no hook in any of them.
 */
export async function proveCrashes({ rounds, seed, tell, only = '' }: CrashProof): Promise<CrashRow[]> {
  const begun = performance.now()
  const points = crashPoints.filter(({ name }) => name.includes(only))
  const whole = 'What belongs to no single point: the audit chain, the caps, the journal of the shop.'
  const rows: CrashRow[] = [...points, { name: wholeRound, sentence: whole }].map(({ name, sentence }) => ({
    point: name,
    sentence,
    rounds,
    violations: [],
    seconds: 0,
  }))
  const rowOf = (point: string): CrashRow => rows.find((row) => row.point === (point === '' ? wholeRound : point))!
  for (let round = 1; round <= rounds; round += 1) {
    const { findings, secondsOf } = await playRound(points, round, seed, tell)
    for (const finding of findings) {
      const sentence = toSentence(finding, seed)
      rowOf(finding.point).violations.push(sentence)
      tell(sentence)
    }
    for (const [point, seconds] of secondsOf) rowOf(point).seconds += seconds
    tell(`round ${round} of ${rounds}: ${findings.length} violations`)
  }
  rowOf('').seconds = (performance.now() - begun) / 1_000
  return rows
}

function toSentence({ point, round, expected }: Finding, seed: number): string {
  return `${point === '' ? wholeRound : point}, round ${round}, seed ${seed}: expected ${expected}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const usage = `node scripts/prove/prove-crashes.ts [--rounds N] [--seed N] [--only WORDS]

Kills control plane, executor and database at each named point, N times each (1), and prints a table; only those whose name holds
WORDS. Status 1: something was violated.`
  const values = readFlags(usage, {
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  })
  const [rounds, seed] = [Number(values.rounds), Number(values.seed)]
  if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed) || seed < 0) {
    process.stderr.write(`--rounds and --seed take whole numbers.\n\n${usage}\n`)
    process.exit(2)
  }
  const write = (line: string): void => void process.stdout.write(`${line}\n`)
  const rows = await proveCrashes({ rounds, seed, tell: write, only: values.only })
  write('')
  for (const { point, rounds: played, violations, seconds } of rows) {
    write(`${violations.length === 0 ? 'held    ' : 'VIOLATED'}  ${String(played).padStart(3)} rounds  ${seconds.toFixed(1).padStart(6)} s  ${point}`)
    for (const violation of violations) write(`          ${violation}`)
  }
  const count = rows.reduce((sum, { violations }) => sum + violations.length, 0)
  const { seconds } = rows.at(-1)!
  write(`\n${rows.length - 1} points, ${rounds} rounds each, seed ${seed}: ${count} violations in ${seconds.toFixed(0)} s`)
  process.exitCode = count > 0 ? 1 : 0
}
