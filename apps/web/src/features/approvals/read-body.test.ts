import { describe, expect, it } from 'vitest'
import { readBody } from './read-body.ts'

describe('readBody', () => {
  it('hashes exactly the bytes that came, spaces and all', () => {
    expect(readBody('{}').hash).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
    expect(readBody('{ }').hash).not.toBe(readBody('{}').hash)
    expect(readBody('\ufeff{}').bytes).toBe(5)
  })

  it('lists every value under its pointer, in the order it came', () => {
    const { values, incomplete } = readBody(
      '{"phase_id":"F3.2","decision_info":{"files":["a/b","~x"],"lines":-12,"none":null,"empty":{},"a/b":true}}',
    )
    expect(values.map(({ pointer, text }) => [pointer, text])).toEqual([
      ['/phase_id', 'F3.2'],
      ['/decision_info/files/0', 'a/b'],
      ['/decision_info/files/1', '~x'],
      ['/decision_info/lines', '-12'],
      ['/decision_info/none', 'null'],
      ['/decision_info/empty', 'nothing, an empty object'],
      ['/decision_info/a~1b', 'true'],
    ])
    expect(incomplete).toBeNull()
  })

  it('keeps the digits of a number that no float holds', () => {
    expect(readBody('{"n":12345678901234567891,"f":1.10}').values.map(({ text }) => text)).toEqual(['12345678901234567891', '1.10'])
  })

  it('says so when a name stands twice, because only one of the values would be shown', () => {
    expect(readBody('{"context":"harmless","context":"delete it"}').incomplete).toBe('Something is named twice in it.')
    expect(readBody('{"a":[{"x":1,"\\u0078":2}]}').incomplete).toBe('Something is named twice in it.')
    expect(readBody('{"context":"a \\":\\" and : in text","b":{"c":":"}}').incomplete).toBeNull()
  })

  it('says what it leaves to the bytes: long values, many values, and what is no JSON', () => {
    const long = readBody(JSON.stringify({ a: 'x'.repeat(2_500) }))
    expect([long.values[0]!.text.length, long.values[0]!.cut, long.incomplete]).toEqual([2_000, 500, 'The longest values are cut here.'])
    const many = readBody(JSON.stringify(Array.from({ length: 140 }, (_, place) => place)))
    expect([many.values.length, many.left_out, many.incomplete]).toEqual([100, 40, '40 more values stand only in the bytes.'])
    expect(readBody('{"a":').incomplete).toBe('It is not JSON that this browser can read.')
  })
})
