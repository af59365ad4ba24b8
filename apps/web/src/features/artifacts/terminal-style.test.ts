import { expect, test } from 'vitest'
import { processorMs } from '../../test/processor-ms.ts'
import { listLineStyles, plainStyle, stripStyles, styleLine } from './terminal-style.ts'

const tonesOf = (line: string) => styleLine(line, plainStyle).runs.map(({ text, style }) => [text, style.tone])

test('Colours are those of the states, and yellow is a weight', () => {
  expect(tonesOf('\u001b[31mbad\u001b[0m \u001b[92mgood\u001b[39m \u001b[33mcareful\u001b[m \u001b[34mon\u001b[35moff\u001b[90mlow')).toEqual([
    ['bad', 'failed'],
    [' ', null],
    ['good', 'ok'],
    [' ', null],
    ['careful', 'strong'],
    [' ', null],
    ['on', 'running'],
    ['off', 'halted'],
    ['low', 'muted'],
  ])
})

test('256 colours and true colours come as the nearest tone, and what follows them is not taken for part of them', () => {
  expect(tonesOf('\u001b[38;5;196mred\u001b[38;5;46mgreen\u001b[38;2;60;90;250mblue\u001b[38:2:200:200:200mgrey\u001b[48;5;1;1mback')).toEqual([
    ['red', 'failed'],
    ['green', 'ok'],
    ['blue', 'running'],
    ['grey', null],
    ['back', null],
  ])
  expect(styleLine('\u001b[48;5;1;1mback', plainStyle).runs[0]!.style).toMatchObject({ bold: true, tone: null })
})

test('Weights add up and are taken back one by one', () => {
  const styles = styleLine('\u001b[1;3;4;7;9mall\u001b[22;23mless\u001b[24;27;29mnone', plainStyle).runs.map((run) => run.style)
  expect(styles[0]).toMatchObject({ bold: true, italic: true, underline: true, inverse: true, struck: true })
  expect(styles[1]).toMatchObject({ bold: false, italic: false, underline: true, inverse: true, struck: true })
  expect(styles[2]).toEqual(plainStyle)
})

test('Text that asks to be concealed is seen', () => {
  expect(tonesOf('\u001b[8mapprove everything\u001b[0m')).toEqual([['approve everything', null]])
})

test('Every other sequence stays in the text, to be shown as escapes', () => {
  for (const line of ['\u001b[2J', '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007', '\u001b[31', '\u001b[?25l', '\u001bc']) {
    expect(tonesOf(line)).toEqual([[line, null]])
  }
})

test('A colour reaches over line ends until it is taken back', () => {
  const styles = listLineStyles(['\u001b[31mbad', 'still bad', '\u001b[0mgood', 'plain'])
  expect(styles?.map((style) => style.tone)).toEqual([null, 'failed', 'failed', null])
  expect(listLineStyles(['no', 'colours'])).toBeNull()
})

test('Looking through a log takes time in proportion to its lines', () => {
  const measure = (count: number) => {
    const lines = Array.from({ length: count }, (_, n) => `\u001b[90m12:00:${n}\u001b[0m \u001b[31merror\u001b[0m something happened`)
    return processorMs(() => expect(listLineStyles(lines)).toHaveLength(count))
  }
  const small = Math.min(measure(15_000), measure(15_000), measure(15_000))
  expect(Math.min(measure(60_000), measure(60_000), measure(60_000))).toBeLessThan(Math.max(500, small * 12))
})

test('What is copied has the words without the colours', () => {
  expect(stripStyles('\u001b[1;31mbad\u001b[0m \u001b[2Jtext')).toBe('bad \u001b[2Jtext')
})
