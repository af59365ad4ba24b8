import { expect, test } from 'vitest'
import { parseLine } from './parse-line.ts'

test('A redaction is a chip with its rule and the four digits that recognise the value', () => {
  expect(parseLine('token [redacted · api_key · #a41c7e05] end')).toEqual([
    { kind: 'text', text: 'token ' },
    { kind: 'chip', rule: 'api_key', fingerprint: 'a41c' },
    { kind: 'text', text: ' end' },
  ])
})

test('Text that only imitates a chip stays text', () => {
  for (const line of ['[not redacted · api_key · #a41c7e05]', '[redacted · api_key · #a41c]', '[redacted · API · #a41c7e05]']) {
    expect(parseLine(line)).toEqual([{ kind: 'text', text: line }])
  }
})

test('Characters that reorder or hide text are escapes with a name, so that the line reads as its bytes stand', () => {
  expect(parseLine('approve\u202egnihtyreve\u202c now\u200b')).toEqual([
    { kind: 'text', text: 'approve' },
    { kind: 'hidden', escape: 'U+202E', name: 'right-to-left override' },
    { kind: 'text', text: 'gnihtyreve' },
    { kind: 'hidden', escape: 'U+202C', name: 'end of override' },
    { kind: 'text', text: ' now' },
    { kind: 'hidden', escape: 'U+200B', name: 'zero-width space' },
  ])
  expect(parseLine('\u{e0041}\u001b[31m')).toEqual([
    { kind: 'hidden', escape: 'U+E0041', name: null },
    { kind: 'hidden', escape: 'U+001B', name: 'escape' },
    { kind: 'text', text: '[31m' },
  ])
})

test('Ordinary text of any script, tabs and line art are left alone', () => {
  for (const line of ['\tplain', 'تحديث صفحة', '日本語 ──── “quoted”', 'café €']) expect(parseLine(line)).toEqual([{ kind: 'text', text: line }])
})
