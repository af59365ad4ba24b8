import { expect, test } from 'vitest'
import { safeDestination } from './safe-destination.ts'

const origin = 'http://localhost:4600'

test('A path of this console is kept with its query and fragment', () => {
  expect(safeDestination('/approvals/act_1?view=seal#x', origin)).toBe('/approvals/act_1?view=seal#x')
})

test.each([
  null,
  '',
  'runs',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/sign-in?to=/sign-in',
  '/.//evil.example',
])('From %j one goes to the start page', (asked) => {
  expect(safeDestination(asked, origin)).toBe('/')
})
