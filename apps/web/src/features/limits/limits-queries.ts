import { setCap, setSwitch } from '@autopack/contract/operator-control'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { controlQuery } from '../../shared/control-queries.ts'

export const setCapMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof setCap>) => call(setCap, { body }),
  onSuccess: (control, _body, _result, { client }) => {
    client.setQueryData(controlQuery.queryKey, control)
    void client.invalidateQueries({ queryKey: ['status'] })
  },
  // A refusal may mean that what is shown is old.
  onError: (_error, _body, _result, { client }) => void client.invalidateQueries({ queryKey: controlQuery.queryKey }),
})

export const setSwitchMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof setSwitch>) => call(setSwitch, { body }),
  onSuccess: (control, _body, _result, { client }) => {
    client.setQueryData(controlQuery.queryKey, control)
    void client.invalidateQueries({ queryKey: ['status'] })
  },
  onError: (_error, _body, _result, { client }) => void client.invalidateQueries({ queryKey: controlQuery.queryKey }),
})
