import type { AcceptanceSetup } from './acceptance-setup.ts'

/**
 * An executor that leaks all it has: a run whose log holds the planted secrets, and the console's own, as they are and in disguise.
 * Answers with the run's id.
 */
export async function uploadSecrets({ book, console: console_, workspace }: AcceptanceSetup): Promise<string> {
  const run_id = `leak-${workspace.name}`
  const headers = { 'x-api-key': console_.secret('demo-agent-key'), 'content-type': 'application/json' }
  const run = { run: { run_id, name: `What ${workspace.name} should not have written`, uses_model: false }, tiers: [], phases: [] }
  const started = await book.ask('POST', `${console_.controlPlaneUrl}/runs/start`, { headers, body: JSON.stringify(run) })
  if (started.status !== 201) throw new Error(`the run was not started: ${started.status} ${started.text}`)
  const pem = console_.secret('jwt-private.pem')
  const disguised = [console_.secret('instance-key')].flatMap((value) => [
    value,
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('hex'),
  ])
  const lines = [
    'What a careless program writes:',
    ...workspace.secrets.map((secret) => secret.line),
    `x-api-key: ${headers['x-api-key']}`,
    pem,
    ...disguised,
    'The end.',
  ]
  const target = `${console_.controlPlaneUrl}/runs/${run_id}/artifacts/file?path=logs/careless.txt`
  const uploaded = await book.ask('PUT', target, { headers: { ...headers, 'content-type': 'application/octet-stream' }, body: lines.join('\n') })
  if (uploaded.status !== 201) throw new Error(`the artifact was not taken: ${uploaded.status} ${uploaded.text}`)
  return run_id
}
