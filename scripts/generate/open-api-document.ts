/** OpenAPI 3.1 from the contract's routes; the schemas come from zod's own JSON Schema output. */
import { problems } from '@autopack/contract/problem-titles'
import { problemSchema } from '@autopack/contract/problems'
import type { ProblemCode } from '@autopack/contract/problems'
import { consolePath } from '@autopack/contract/route'
import type { Route } from '@autopack/contract/route'
import { allRoutes, consoleOnlyRoutes, operatorRoutes } from '@autopack/contract/routes'
import * as z from 'zod/mini'

type Json = Record<string, unknown>

export function openApiDocument(): Json {
  const paths: Record<string, Json> = {}
  for (const route of allRoutes) {
    const item = (paths[route.path] ??= {})
    item[route.method.toLowerCase()] = operation(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Autopack Console',
      version: '1',
      description:
        'Executor plane at the root of the control plane, operator plane under /operator (served to browsers by the BFF under /api), console plane under /api/auth. Generated from packages/contract.',
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: {
        executorKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key of an executor; a key never decides.' },
        instanceKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'The key of the console itself, only together with an operator assertion.',
        },
        checkpointKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The key of the checkpoint writer.' },
        operatorAssertion: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Operator-Assertion',
          description: 'JWT, at most 60 s old, bound to method, path, query and body.',
        },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
      },
    },
  }
}

function operation(route: Route): Json {
  const operatorPlane = operatorRoutes.includes(route)
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.policy.plane],
    security: security(route),
    ...(operatorPlane ? { description: `In the browser: ${route.method} ${consolePath(route.path)}` } : {}),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query'), ...idempotency(route)],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: route.body === 'bytes' ? { 'application/octet-stream': {} } : { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [route.answer.status]: { description: 'Done', ...answerContent(route) },
      ...problemResponses(route.problems),
      default: { description: 'Any other problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
    'x-retry': route.retry,
    'x-policy': route.policy,
    ...(consoleOnlyRoutes.includes(route) ? { 'x-console-only': true } : {}),
  }
}

function answerContent(route: Route): Json {
  const types = { json: 'application/json', bytes: 'application/octet-stream', events: 'text/event-stream', ndjson: 'application/x-ndjson' }
  if (route.answer.status === 204) return {}
  return { content: { [types[route.answer.kind]]: route.answer.schema ? { schema: schemaOf(route.answer.schema, 'output') } : {} } }
}

function problemResponses(codes: readonly ProblemCode[]): Json {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      status,
      { description: found.join(', '), content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    ]),
  )
}

function security(route: Route): Json[] {
  switch (route.policy.plane) {
    case 'executor':
      return [{ executorKey: [] }]
    case 'operator':
      return [{ instanceKey: [], operatorAssertion: [] }]
    case 'console':
      return route.policy.role === 'anyone' ? [] : [{ session: [] }]
    case 'checkpoint':
      return [{ checkpointKey: [] }]
    case 'public':
      return []
  }
}

function parameters(schema: z.ZodMiniObject | undefined, place: 'path' | 'query'): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, value]) => {
    const field = value as z.ZodMiniType
    return { name, in: place, required: place === 'path' || !z.safeParse(field, undefined).success, schema: schemaOf(field, 'input') }
  })
}

function idempotency(route: Route): Json[] {
  return route.retry === 'same_idempotency_key'
    ? [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string', maxLength: 200 } }]
    : []
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', unrepresentable: 'any', io }) as Json
  return rest
}
