/** The hostile-input table of the contract: every route, every way of asking wrongly, at two real servers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { kinds } from './hostile/hostile-request.ts'
import { runHostileTable } from './hostile/run-hostile-table.ts'
import type { TableReport } from './hostile/run-hostile-table.ts'
import { root } from './running-console.ts'

const folder = join(root, '.cache/hostile')
const leastJudged = 5_000

test('every route of the contract refuses what it should, in every way of asking wrongly, without a 5xx, a leak or a change', async () => {
  // Two to three minutes of work on an idle machine; sign-ins cost what they cost, and other programs may want the processor too.
  test.setTimeout(1_800_000)
  const report = await runHostileTable(join(folder, 'data'))
  mkdirSync(folder, { recursive: true })
  const table = toText(report)
  writeFileSync(join(folder, 'table.txt'), table)
  writeFileSync(join(folder, 'complaints.txt'), report.complaints.join('\n\n'))
  process.stdout.write(`${table.split('\n').at(-1)}\n`)

  expect(report.complaints.slice(0, 20), `${report.complaints.length} complaints, all of them in .cache/hostile/complaints.txt`).toEqual([])
  const empty = report.cells.flatMap(({ side, route, counts }) =>
    kinds.filter((kind) => counts[kind] === 0).map((kind) => `${side}, ${route}: nothing ${kind} was judged`),
  )
  expect(empty).toEqual([])
  expect(report.judged).toBeGreaterThanOrEqual(leastJudged)
  expect(report.lost).toBeLessThanOrEqual(report.judged / 100)
})

function toText({ cells, sent, judged, limited, lost, byStatus, residentMebibytes, seconds }: TableReport): string {
  const width = Math.max(...cells.map(({ side, route }) => side.length + route.length + 2))
  const statuses = Object.entries(byStatus).map(([status, count]) => `${status}: ${count}`)
  const memory = Object.entries(residentMebibytes).map(([name, [before, after]]) => `${name} ${before} → ${after} MiB`)
  return [
    `${''.padEnd(width)} ${kinds.map((kind) => kind.padStart(15)).join('')}`,
    ...cells.map(
      ({ side, route, counts }) => `${`${side}, ${route}`.padEnd(width)} ${kinds.map((kind) => String(counts[kind] ?? '-').padStart(15)).join('')}`,
    ),
    `${sent} requests, ${judged} judged, ${limited} times limited, ${lost} asked again without an answer, ${seconds} s; ${statuses.join(', ')}; memory: ${memory.join(', ')}`,
  ].join('\n')
}
