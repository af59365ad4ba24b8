import { expect, test } from 'vitest'
import { foldName } from './fold-name.ts'

test.each(['Mira Ös', ' mira ös\u00a0', 'MIRA ÖS\u200b', 'ＭＩＲＡ O\u0308s', 'Mi\u00adra O\u2060\u0308s'])(
  '%j is one and the same name',
  (spelling) => {
    expect(foldName(spelling)).toBe('mira ös')
  },
)

test('another name stays another one', () => {
  expect(foldName('Mira Os')).not.toBe(foldName('Mira Ös'))
  expect(foldName('MiraÖs')).not.toBe(foldName('Mira Ös'))
})
