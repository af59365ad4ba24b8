import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import type { RunSummary } from '@autopack/contract/operator-runs'
import { expect, test } from 'vitest'
import { listBrokenThings } from './broken-things.ts'

const run = (run_id: string, completed_at: string) => ({ run_id, completed_at, created_at: completed_at }) as RunSummary
const action = (action_id: string, state: string, finished_at: string) => ({ action_id, state, finished_at }) as ExternalActionSummary
const ids = (things: ReturnType<typeof listBrokenThings>) => things.map((thing) => (thing.kind === 'run' ? thing.run.run_id : thing.action.action_id))

test('Failed runs and actions are one list, the newest first', () => {
  const things = listBrokenThings(
    [run('r1', '2026-11-22T10:00:00Z')],
    [action('a1', 'FAILED', '2026-11-22T11:00:00Z'), action('a2', 'COMPLETED', '2026-11-22T12:00:00Z')],
    null,
  )
  expect(ids(things)).toEqual(['a1', 'r1'])
})

test('What failed before the last visit was seen, but an unknown end stays until somebody looked', () => {
  const before = '2026-11-22T09:00:00Z'
  const things = listBrokenThings([run('r1', before)], [action('a1', 'FAILED', before), action('a2', 'UNKNOWN', before)], '2026-11-22T10:00:00Z')
  expect(ids(things)).toEqual(['a2'])
})
