import type { BodyOf } from '@autopack/contract/route'
import { setUp } from '@autopack/contract/set-up'
import { mutationOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

export const setUpMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof setUp>) => call(setUp, { body }),
})
