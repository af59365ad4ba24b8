import { describe, expect, test } from 'vitest'
import { findProductionProblems, isProtectedConnection } from './production-problems.ts'

describe('production', () => {
  test('an empty environment has none of these problems', () => expect(findProductionProblems({})).toEqual([]))

  test.each([
    ['AUTO_APPROVE_BUILD113', 'true'],
    ['AUTOPACK_PUBLIC_READ', '1'],
    ['AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE', '0'],
    ['NODE_DEBUG', 'http'],
    ['NODE_OPTIONS', '--inspect=0.0.0.0'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ])('refuses %s=%s without repeating the value', (name, value) => {
    const problems = findProductionProblems({ [name]: value })
    expect(problems).toEqual([expect.stringMatching(`^${name}: `)])
    if (value.length > 1 && value !== 'true') expect(problems[0]).not.toContain(value)
  })

  test('refuses a debugger that Node was started with', () => {
    expect(findProductionProblems({}, ['--inspect-brk=0.0.0.0'])).toEqual(['--inspect: opens a debugger; start without it'])
  })
})

describe('connections', () => {
  test.each([
    ['postgresql:///x?host=/run/postgresql', true],
    ['postgresql://u@%2Frun%2Fpostgresql/x', true],
    ['postgresql://u@db/x?sslmode=require', true],
    ['postgresql://u@db/x?sslmode=verify-full', true],
    ['postgresql://u@db/x?sslmode=verify-full&uselibpqcompat=true', true],
    ['postgresql://u@db/x?sslmode=require&uselibpqcompat=true', false],
    ['postgresql://u@db/x?sslmode=require&sslmode=disable', false],
    ['postgresql:///x?host=/run/postgresql&host=db', false],
    ['postgresql://u@db/x', false],
    ['postgresql://u@localhost/x', false],
    ['postgresql:///x', false],
    ['postgresql://u@db/x?sslmode=prefer', false],
    ['postgresql://u@localhost/x?host=db', false],
    ['postgresql:///x?host=%25', false],
    ['postgresql://u@%25/x', false],
    ['no url', false],
  ])('%s: protected %s', (url, expected) => expect(isProtectedConnection(url)).toBe(expected))
})
