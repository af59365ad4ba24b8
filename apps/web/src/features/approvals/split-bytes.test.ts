import { describe, expect, it } from 'vitest'
import { splitBytes, toHexLines } from './split-bytes.ts'

const encoder = new TextEncoder()

describe('splitBytes', () => {
  it('loses no byte and cuts no character, whatever the width', () => {
    const text = '{"a":"Lübeck 🪵 \\u202E ok","b":[1,2,3]}'
    for (let width = 4; width < 60; width += 1) {
      const lines = splitBytes(encoder.encode(text), width)!
      expect(lines.map((line) => line.text).join('')).toBe(text)
      let offset = 0
      for (const line of lines) {
        expect(line.offset).toBe(offset)
        const size = encoder.encode(line.text).length
        expect(size).toBeLessThanOrEqual(width)
        offset += size
      }
    }
  })

  it('does not call bytes text that are none, and keeps a byte order mark', () => {
    expect(splitBytes(Uint8Array.of(0xff, 0xfe), 10)).toBeNull()
    expect(splitBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 10)?.[0]?.text).toBe('\uFEFFa')
  })
})

describe('toHexLines', () => {
  it('writes every byte', () => {
    expect(toHexLines(Uint8Array.of(0, 255, 16), 2)).toEqual([
      { offset: 0, text: '00 ff' },
      { offset: 2, text: '10' },
    ])
  })
})
