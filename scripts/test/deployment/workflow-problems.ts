import { parse } from 'yaml'

type Step = { uses?: string; run?: string; with?: Record<string, unknown>; env?: unknown }
type Job = { permissions?: unknown; 'timeout-minutes'?: number; steps?: Step[]; env?: unknown }
type Workflow = { on?: Record<string, unknown>; permissions?: unknown; concurrency?: unknown; jobs?: Record<string, Job> }

/** A workflow that only runs `.ci/run`, with the right to read this repository, and that a pull request cannot make do more. */
export function findWorkflowProblems(text: string): string[] {
  const workflow = parse(text, { strict: true, uniqueKeys: true }) as Workflow
  const problems: string[] = []
  const must = (ok: boolean, problem: string) => void (ok || problems.push(problem))
  const jobs = Object.entries(workflow.jobs ?? {})
  const steps = jobs.flatMap(([, { steps: each }]) => each ?? [])
  const readOnly = JSON.stringify({ contents: 'read' })

  must(JSON.stringify(workflow.permissions) === readOnly, 'permissions must be contents: read and nothing else')
  must(workflow.concurrency !== undefined, 'has no concurrency: an old run would keep going beside a new one')
  for (const trigger of Object.keys(workflow.on ?? {})) {
    must(['push', 'pull_request', 'workflow_dispatch'].includes(trigger), `is triggered by ${trigger}, which runs with more rights than it needs`)
  }
  must(!/\bsecrets\s*[.[]/.test(text) && !/\bGITHUB_TOKEN\b/.test(text), 'uses a secret; the tests need none')
  must(
    steps.some(({ run }) => run?.trim() === '.ci/run'),
    'no step runs .ci/run',
  )
  for (const [name, job] of jobs) {
    must(job.permissions === undefined || JSON.stringify(job.permissions) === readOnly, `${name}: takes other permissions`)
    must((job['timeout-minutes'] ?? 0) > 0, `${name}: has no timeout-minutes`)
  }
  for (const step of steps) {
    if (step.uses !== undefined) must(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(step.uses), `${step.uses} is not pinned by its commit`)
    if (step.uses?.startsWith('actions/checkout@')) {
      must(step.with?.['persist-credentials'] === false, 'actions/checkout must have persist-credentials: false')
    }
    must(!/\$\{\{/.test(step.run ?? ''), 'a run has an expression in it: what others wrote would become a command')
  }
  return problems
}
