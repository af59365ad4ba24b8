/** Everything that a refused request must not have changed, as an admin sees it. */
import type { Ask } from './existing-things.ts'

type List = { items: Record<string, unknown>[]; next_cursor?: string | null; total?: { count: number } }

/** One line a thing. Two of them are compared; the first difference names what changed. */
export async function readState(ask: Ask): Promise<string[]> {
  const get = async (target: string): Promise<Record<string, unknown>> => {
    const { status, text } = await ask('GET', target)
    if (status !== 200) throw new Error(`${target} answered ${status}: ${text.slice(0, 300)}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  const list = async (target: string): Promise<Record<string, unknown>[]> => {
    const items: Record<string, unknown>[] = []
    for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined;) {
      const page = (await get(`${target}${cursor === '' ? '' : `${target.includes('?') ? '&' : '?'}cursor=${cursor}`}`)) as unknown as List
      items.push(...page.items)
      cursor = page.next_cursor
    }
    return items
  }
  const runs = await list('/operator/runs?limit=100')
  const lines = [
    // Whether a run has been silent for too long is a matter of the clock.
    ...runs.map((run) => ['run', run['run_id'], { ...run, silent_since: null }]),
    ...(await list('/operator/external-actions?limit=100')).map((action) => ['action', action['action_id'], action]),
    // When a key was last used changes with every request that is refused after it.
    ...(await list('/operator/executor-keys')).map((key) => ['key', key['key_id'], { ...key, last_used_at: null }]),
    // When somebody was last here changes with every request, too.
    ...(await list('/operator/operators')).map((person) => ['person', person['operator_id'], withoutLastSeen(person)]),
    ...(await list('/operator/executors')).map((executor) => ['executor', executor['executor_id'], { ...executor, keys: null }]),
    ...(await list('/operator/approvals?limit=100&scope=open')).map((request) => ['waiting', '', request]),
    ...(await list('/operator/approvals?limit=100&scope=decided')).map((request) => ['decided', '', request]),
  ]
  for (const run of runs.slice(0, 3))
    lines.push(['artifacts of', run['run_id'], await list(`/operator/runs/${String(run['run_id'])}/artifacts/index`)])
  const { now: _, ...control } = await get('/operator/control')
  lines.push(['control', '', control])
  lines.push(['brakes', '', await list('/operator/control/brakes?limit=100')])
  // Every change of a run or an action is an event, and every change at all is in the audit log.
  lines.push(['last event', '', (await get('/operator/status'))['last_event_id']])
  lines.push(['changes in the audit log', '', ((await get('/operator/audit?q=result:ok&limit=1')) as unknown as List).total?.count])
  return lines.map((line) => JSON.stringify(line))
}

function withoutLastSeen(person: Record<string, unknown>): object {
  const { administration } = person as { administration: object | null }
  return { ...person, administration: administration && { ...administration, last_seen_at: null } }
}
