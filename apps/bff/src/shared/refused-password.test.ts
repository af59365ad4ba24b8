import { describe, expect, test } from 'vitest'
import { refusedPassword } from './refused-password.ts'

describe('a new password', () => {
  test.each([
    'fourteen chars',
    'passwordpassword',
    'Password123456789',
    'P@ssw0rdP@ssw0rd',
    'iloveyouiloveyou!!',
    'qwertyuiopasdfgh',
    '123456789012345',
    '9876543210987654',
    'aaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    'correcthorsebatterystaple',
    'letmeinletmein2026',
    'adaadaadaadaada!',
    'the current password',
  ])('is refused when anybody would try it: %s', (password) => {
    expect(refusedPassword(password, 'Ada', 'the current password')).not.toBeNull()
  })

  test.each([
    'velvet tractor under nine moons',
    'ada likes green umbrellas',
    'zkq 7 fjw pop mrrr',
    'ⲁ long pässword in ünicode',
    '                  x y z q',
    'sunshine over quiet gravel',
  ])('is taken whatever kinds of characters it has: %s', (password) => {
    expect(refusedPassword(password, 'Ada', 'the current password')).toBeNull()
  })
})
