import { expect, test } from 'vitest'
import { createReadablePassword } from './readable-password.ts'

test('passwords are long, and hold no letters that look alike', () => {
  for (let round = 0; round < 200; round += 1) {
    const password = createReadablePassword()
    expect(password).toMatch(/^([a-hj-km-np-z2-9]{4}-){4}[a-hj-km-np-z2-9]{4}$/)
    expect(password.length).toBeGreaterThanOrEqual(20)
  }
})
