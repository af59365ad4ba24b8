import { expect, test } from 'vitest'
import { toKeyCommand } from './key-command.ts'

const written = (name: string) =>
  / AUTOPACK_ADMIN_NAME=(.*) npm run keys -- create my-executor --shared$/.exec(toKeyCommand('http://localhost:4600', name))![1]

test('the command names this console and this person', () => {
  expect(toKeyCommand('http://localhost:4600', 'ada')).toBe(
    'CONSOLE_ORIGIN=http://localhost:4600 AUTOPACK_ADMIN_NAME=ada npm run keys -- create my-executor --shared',
  )
})

test.each([
  ['Ada Lovelace', "'Ada Lovelace'"],
  ["O'Brien", String.raw`'O'\''Brien'`],
  ['$(reboot)', "'$(reboot)'"],
  ['a;b', "'a;b'"],
  ['Zoë', "'Zoë'"],
])('the name %s stands in it so that a shell takes it as it is', (name, word) => {
  expect(written(name)).toBe(word)
})
