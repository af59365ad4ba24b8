import { describe, expect, it } from 'vitest'
import { findPasskeyObstacle } from './find-passkey-obstacle.ts'
import { describePasskeyFailure } from './passkey-words.ts'

describe('what a browser throws about a passkey', () => {
  it.each(['NotAllowedError', 'AbortError'])('is no fault when the person ended it: %s', (name) => {
    expect(describePasskeyFailure(new DOMException('The operation either timed out or was not allowed.', name))).toMatchObject({ ended: true })
  })

  it.each([
    ['InvalidStateError', 'already'],
    ['NotSupportedError', 'of the kind'],
    ['ConstraintError', 'set a PIN'],
    ['SecurityError', 'https'],
    ['NotReadableError', 'did not answer'],
    ['UnknownError', 'UnknownError'],
  ])('says what to do about %s', (name, part) => {
    const failure = describePasskeyFailure(new DOMException('', name))
    expect(failure?.ended).toBe(false)
    expect(failure?.words).toContain(part)
  })

  it('leaves everything else to others', () => {
    expect(describePasskeyFailure(new Error('network'))).toBeNull()
  })
})

describe('a browser without passkeys', () => {
  it('says which it is: an address that is not safe, or a browser that has none', () => {
    expect(findPasskeyObstacle({ isSecureContext: false, hasWebAuthn: false })).toContain('https')
    expect(findPasskeyObstacle({ isSecureContext: true, hasWebAuthn: false })).toContain('no passkeys')
    expect(findPasskeyObstacle({ isSecureContext: true, hasWebAuthn: true })).toBeNull()
  })
})
