import type { AcceptanceSetup } from './acceptance-setup.ts'

export type AskedOfPeople = { approval_number: string; governance_id: string }

/** An executor that asks people what Autopack's executors ask: whether to go on, and whether it may change files. Answers with the numbers it got. */
export async function askPeople({ book, console: console_, workspace }: AcceptanceSetup): Promise<AskedOfPeople> {
  const run_id = `asks-${workspace.name}`
  const headers = { 'x-api-key': console_.secret('demo-agent-key'), 'content-type': 'application/json' }
  const post = async (path: string, status: number, body: object): Promise<Record<string, unknown>> => {
    const answer = await book.ask('POST', `${console_.controlPlaneUrl}${path}`, {
      headers: { ...headers, 'idempotency-key': `${run_id}${path}` },
      body: JSON.stringify(body),
    })
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
