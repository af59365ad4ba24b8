/** What nginx.conf and the contract must agree on, read from both. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problems } from '@autopack/contract/problem-titles'
import type { ProblemCode } from '@autopack/contract/problems'
import { consolePath } from '@autopack/contract/route'
import { consoleRoutes, operatorRoutes } from '@autopack/contract/routes'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const nginx = readFileSync(join(root, 'nginx.conf'), 'utf8')
const errors = readFileSync(join(root, 'deploy/nginx/errors.conf'), 'utf8')
const routes = [...consoleRoutes, ...operatorRoutes]

test('the largest body that nginx lets through is the largest that a route of the console takes', () => {
  const largest = Math.max(...routes.map((route) => route.policy.body_limit_bytes))
  expect(nginx).toContain(`client_max_body_size ${largest / 1024}k;`)
  expect(nginx).toContain(`client_body_buffer_size ${largest / 1024}k;`)
})

test('every answer that is a stream is passed on unbuffered, and no other is', () => {
  const unbuffered = [...nginx.matchAll(/location (=|~) (\S+) \{([^}]*)\}/g)].filter(([, , , rules]) => rules!.includes('proxy_buffering off'))
  expect(unbuffered).toHaveLength(2)
  const isUnbuffered = (path: string) =>
    unbuffered.some(([, kind, place]) => (kind === '=' ? path === place : new RegExp(place!.replaceAll('"', '')).test(path)))
  for (const route of routes) {
    const path = consolePath(route.path).replaceAll(/\{[a-z_]+\}/g, 'some-id')
    expect([route.id, isUnbuffered(path)]).toEqual([route.id, route.answer.kind !== 'json'])
  }
})

test('what nginx answers itself has a code, a status and a title of the contract', () => {
  const table = (variable: string) =>
    [...new RegExp(`map \\$status \\$${variable} \\{([^}]*)\\}`).exec(errors)![1]!.matchAll(/^ +(\d{3}|"~\^4"|default) "?([^";]+)"?;$/gm)].map(
      ([, status, value]) => [status!, value!] as const,
    )
  const codes = table('problem_code')
  const titles = new Map(table('problem_title'))
  expect(codes.length).toBeGreaterThan(8)
  for (const [status, code] of codes) {
    const problem = problems[code as ProblemCode]
    expect([status, titles.get(status)]).toEqual([status, problem.title])
    if (/^\d/.test(status)) expect([code, problem.status]).toEqual([code, Number(status)])
  }
})
