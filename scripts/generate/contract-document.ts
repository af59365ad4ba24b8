/** The contract as a page for people: every route by plane, and every problem. */
import { problems } from '@autopack/contract/problem-titles'
import { consolePath } from '@autopack/contract/route'
import type { Route, StepUpRule } from '@autopack/contract/route'
import { checkpointRoutes, consoleOnlyRoutes, consoleRoutes, executorRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import * as z from 'zod/mini'

/** What a person has to show again before the act counts; otherwise the answer is `step_up_required`. */
const stepUpRules: Record<Exclude<StepUpRule, 'none'>, string> = {
  control: 'What the deployment asks for acts about itself, its people and their keys (`AUTOPACK_STEP_UP`)',
  control_for_more: 'The same, for what lets more happen than before; for less, nothing',
  action_to_approve:
    'To approve, what the action’s descriptor asks, and in production a passkey for tier C; to say no or to ask for a change, nothing',
  passkey: 'A signature with one of the person’s own passkeys',
  passkey_if_any: 'The same, where they have one; a first one is enrolled without',
}

export function contractDocument(): string {
  return `${[
    '# The contract',
    'Generated from `packages/contract` by `npm run generate`; a test fails when it is not current. The machine-readable form, with every schema, is `docs/openapi.json` (OpenAPI 3.1).',
    'JSON is snake_case, times are UTC with `Z`, money is an integer of minor units with its currency. Errors are RFC 9457 problems (`application/problem+json`) with a stable `code`, a `request_id` and a `detail` that says what to do.',
    '`retry` says whether a request may be sent again when no answer came: *safe*; *same_idempotency_key* (with the same `Idempotency-Key`); *unsafe*.',
    '*Shows again* is what a person has to show again before the act counts; without it the answer is `step_up_required`, and `needs` in it says whether a `passkey` or the `password` would do. Where nothing is said nothing is ever asked.',
    table(
      ['shows again', 'what'],
      Object.entries(stepUpRules).map(([rule, what]) => [`\`${rule}\``, what]),
    ),
    section(
      'Executor plane',
      'At the root of the control plane. Header `X-API-Key: apk_…`. A key sees only its own executor’s things; anything else is `not_found`.',
      executorRoutes,
    ),
    section(
      'Operator plane',
      'Under `/operator` of the control plane, with the instance key and an operator assertion; browsers reach it through the BFF under `/api`, with a session cookie. Unsafe methods need `Origin`, `X-CSRF: 1` and `Content-Type: application/json`.',
      operatorRoutes,
      true,
    ),
    section('Console plane', 'At the BFF itself.', consoleRoutes),
    section('Between console and control plane', 'No browser reaches these.', consoleOnlyRoutes),
    section(
      'Checkpoint plane',
      'Under `/checkpoint` of the control plane, for the checkpoint writer alone, with its own key (`AUTOPACK_CHECKPOINT_API_KEY`) in `X-API-Key`. Neither nginx nor the console passes these on.',
      checkpointRoutes,
    ),
    section('Public', 'Nothing else answers without a credential.', publicRoutes),
    '## Problems',
    table(
      ['code', 'status', 'title'],
      Object.entries(problems).map(([code, problem]) => [`\`${code}\``, String(problem.status), problem.title]),
    ),
  ].join('\n\n')}\n`
}

function section(title: string, words: string, routes: readonly Route[], console = false): string {
  return [
    `## ${title}`,
    words,
    table(
      ['route', console ? 'in the browser' : 'id', 'what', 'who', 'shows again', 'query', 'body at most', 'retry', 'problems'],
      routes.map((route) => [
        `\`${route.method} ${route.path}\``,
        console ? `\`${consolePath(route.path)}\`` : `\`${route.id}\``,
        route.summary,
        route.policy.scope ?? route.policy.role ?? 'anyone',
        route.policy.step_up === 'none' ? '–' : `\`${route.policy.step_up}\``,
        Object.keys(route.query?.shape ?? {})
          .map((name) => `\`${name}\``)
          .join(' '),
        route.body ? bytes(route.policy.body_limit_bytes) : '–',
        route.retry,
        route.problems.map((code) => `\`${code}\``).join(' '),
      ]),
    ),
    ...routes.filter((route) => route.body && route.body !== 'bytes').map((route) => bodyOf(route)),
  ].join('\n\n')
}

function bodyOf(route: Route): string {
  const schema = z.toJSONSchema(route.body as z.ZodMiniType, { unrepresentable: 'any', io: 'input' }) as {
    properties?: Record<string, unknown>
    anyOf?: unknown
    oneOf?: unknown
  }
  const { $schema: _, ...rest } = schema as Record<string, unknown>
  return `<details><summary>Body of <code>${route.id}</code></summary>\n\n\`\`\`json\n${JSON.stringify(rest, null, 2)}\n\`\`\`\n\n</details>`
}

function bytes(count: number): string {
  return count >= 1024 * 1024 ? `${count / 1024 / 1024} MiB` : `${count / 1024} KiB`
}

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
