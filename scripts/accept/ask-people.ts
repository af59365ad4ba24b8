import type { AcceptanceSetup } from './acceptance-setup.ts'
import type { HeardAnswer } from './answer-book.ts'

export type AskedOfPeople = { approval_number: string; governance_id: string }

/** What the agent of this console sends to the control plane, with its own key; the same `key` again is the same request. */
export function postAsAgent({ book, console: console_ }: AcceptanceSetup, path: string, key: string, body: object): Promise<HeardAnswer> {
  const headers = { 'x-api-key': console_.secret('demo-agent-key'), 'content-type': 'application/json', 'idempotency-key': key }
  return book.ask('POST', `${console_.controlPlaneUrl}${path}`, { headers, body: JSON.stringify(body) })
}

/** An executor that asks people what Autopack's executors ask: whether to go on, and whether it may change files. Answers with the numbers it got. */
export async function askPeople(setup: AcceptanceSetup): Promise<AskedOfPeople> {
  const { workspace } = setup
  const run_id = `asks-${workspace.name}`
  const post = async (path: string, status: number, body: object): Promise<Record<string, unknown>> => {
    const answer = await postAsAgent(setup, path, `${run_id}${path}`, body)
    if (answer.status !== status) throw new Error(`${path} was not taken: ${answer.status} ${answer.text}`)
    return answer.json()
  }
  const run = { run_id, name: `What ${workspace.name} asks people`, uses_model: false }
  const phase = { phase_id: 'F1', phase_index: 0, tier_id: 'T1', name: 'Asking' }
  await post('/runs/start', 201, { run, tiers: [{ tier_id: 'T1', tier_index: 0, name: 'Asking' }], phases: [phase] })
  const asked = { run_id, phase_id: 'F1' }
  const approval = await post('/approval/request', 200, { ...asked, context: `May ${workspace.name} go on?`, decision_info: { risk_level: 'low' } })
  const files = { requested_paths: ['docs/architecture.md'], justification: `${workspace.name} found a mistake there` }
  const governance = await post('/governance/request', 201, { ...asked, ...files })
  return { approval_number: String(approval['approval_id']), governance_id: String(governance['request_id']) }
}
