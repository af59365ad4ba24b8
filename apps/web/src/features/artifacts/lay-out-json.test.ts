import { expect, test } from 'vitest'
import { processorMs } from '../../test/processor-ms.ts'
import { layOutJson } from './lay-out-json.ts'

test('Every member and item has a line, and every token stays as it is written', () => {
  expect(layOutJson('{"a":[1,{"b":"x, {y}: \\"z\\""}],"n":12345678901234567890.10,"e":{ },"l":[]}')).toBe(
    [
      '{',
      '  "a": [',
      '    1,',
      '    {',
      '      "b": "x, {y}: \\"z\\""',
      '    }',
      '  ],',
      '  "n": 12345678901234567890.10,',
      '  "e": {},',
      '  "l": []',
      '}',
    ].join('\n'),
  )
})

test('A text that is cut is laid out up to the cut, also inside a string', () => {
  expect(layOutJson('{"a":1,"b":["x","unfini')).toBe('{\n  "a": 1,\n  "b": [\n    "x",\n    "unfini')
  expect(layOutJson('{"a":"ends with \\')).toBe('{\n  "a": "ends with \\')
})

test('It takes time in proportion to the text, whatever the text is', () => {
  for (const part of ['[', '{"a":', '"', '\\', '"x",', ' ', '{ ']) {
    const measure = (count: number) => processorMs(() => layOutJson(part.repeat(count)))
    const small = Math.min(measure(50_000), measure(50_000), measure(50_000))
    expect(Math.min(measure(200_000), measure(200_000), measure(200_000)), part).toBeLessThan(Math.max(500, small * 12))
  }
})
