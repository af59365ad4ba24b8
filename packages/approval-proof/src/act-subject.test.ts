import { expect, it } from 'vitest'
import { toActSubject } from './act-subject.ts'

it('takes everything that was asked for into the subject, but not the purpose', () => {
  expect(toActSubject({ purpose: 'switch', name: 'DRY_RUN', on: false })).toEqual({ name: 'DRY_RUN', on: false })
  expect(toActSubject({ purpose: 'cap_raise', currency: null, cap: 5 })).toEqual({ currency: null, cap: 5 })
})
