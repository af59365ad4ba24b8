import { describe, expect, it } from 'vitest'
import { suggestPasskeyName, toStanding } from './passkey-list-words.ts'

describe('the name that is suggested for a passkey', () => {
  it('is the browser and what it runs on, numbered when it is taken', () => {
    expect(suggestPasskeyName([], 'Firefox 140 on Linux')).toBe('Firefox on Linux')
    expect(suggestPasskeyName(['Firefox on Linux', 'Firefox on Linux 2'], 'Firefox 140 on Linux')).toBe('Firefox on Linux 3')
    expect(suggestPasskeyName([], 'Safari 26')).toBe('Safari')
    expect(suggestPasskeyName([], '')).toBe('Passkey')
  })
})

describe('where somebody stands with their passkeys', () => {
  it('is closed without any, once the time for the first is over or was never given', () => {
    expect(toStanding(0, null, 1_000)).toBe('closed')
    expect(toStanding(0, 1_000, 1_000)).toBe('closed')
    expect(toStanding(0, 1_001, 1_000)).toBe('open')
  })

  it('is one with one, because losing it locks its person out, and enough from two on', () => {
    expect(toStanding(1, null, 0)).toBe('one')
    expect(toStanding(2, null, 0)).toBe('enough')
  })
})
