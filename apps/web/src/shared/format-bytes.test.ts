import { expect, test } from 'vitest'
import { formatBytes } from './format-bytes.ts'

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1 KiB'],
  [262_144, '256 KiB'],
  [1_048_575, '1 MiB'],
  [43_201_337, '41.2 MiB'],
  [2_147_483_648, '2 GiB'],
  [1_649_267_441_664, '1.5 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
