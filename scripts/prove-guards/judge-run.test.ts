import { expect, test } from 'vitest'
import type { VitestReport } from '../test/read-vitest-report.ts'
import { judgeRun } from './judge-run.ts'

const buildReport = (...tests: { title: string; status: string; messages?: string[] }[]): VitestReport => ({
  testResults: [
    {
      name: 'a.test.ts',
      message: tests.length === 0 ? 'SyntaxError: Unexpected token\n    at a.ts' : '',
      assertionResults: tests.map(({ title, status, messages }) => ({
        status,
        ancestorTitles: ['group'],
        title,
        fullName: `group ${title}`,
        failureMessages: messages ?? [],
      })),
    },
  ],
})

test.each([
  ['AssertionError: expected 201 to be 409 // Object.is equality\n    at a.test.ts:1:1'],
  ['Error: promise resolved "{ answer: {} }" instead of rejecting\n    at a.test.ts:1:1'],
  ['Error: promise rejected "Error: no" instead of resolving'],
])('a test failed when what it expects did not hold: %s', (message) => {
  const verdict = judgeRun(buildReport({ title: 'one', status: 'failed', messages: [message] }), 'group > one')
  expect(verdict).toEqual({ kind: 'failed', why: message.split('\n')[0] })
})

test.each([
  ['SyntaxError: Unexpected token'],
  ["TypeError: Cannot read properties of undefined (reading 'x')"],
  ['ReferenceError: kept is not defined'],
  ['Error: Test timed out in 30000ms.'],
  ['Error: Hook timed out in 60000ms.'],
  ['Error: the promise resolved'],
])('a test that fell over proves nothing: %s', (message) => {
  expect(judgeRun(buildReport({ title: 'one', status: 'failed', messages: [message] }), 'group > one')).toEqual({ kind: 'broken', why: message })
})

test('a test that passed is the only thing that counts as passed', () => {
  expect(judgeRun(buildReport({ title: 'one', status: 'passed' }), 'group > one').kind).toBe('passed')
  expect(judgeRun(buildReport({ title: 'one', status: 'skipped' }), 'group > one')).toEqual({ kind: 'broken', why: 'the test was skipped' })
  expect(judgeRun(buildReport({ title: 'other', status: 'passed' }), 'group > one').kind).toBe('broken')
})

test('the failure of another test says nothing about the one that was named', () => {
  const report = buildReport({ title: 'one', status: 'passed' }, { title: 'other', status: 'failed', messages: ['AssertionError: no'] })
  expect(judgeRun(report, 'group > one').kind).toBe('passed')
})

test('a file that did not load, and a run without a report, prove nothing', () => {
  expect(judgeRun(buildReport(), 'group > one')).toEqual({ kind: 'broken', why: 'SyntaxError: Unexpected token' })
  expect(judgeRun(null, 'group > one').kind).toBe('broken')
})
