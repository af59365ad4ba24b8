import { setCap, setSwitch } from '@autopack/contract/operator-control'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { withStepUp } from '../../shared/step-up/with-step-up.ts'
import { controlQuery } from '../../shared/control-queries.ts'

/** `raises`: the act in words when it lets more be spent than now, which asks who is there; null when it does not. */
export const setCapMutation = mutationOptions({
  mutationFn: ({ raises, ...body }: BodyOf<typeof setCap> & { raises: string | null }) =>
    raises === null
      ? call(setCap, { body })
      : withStepUp({ purpose: 'cap_raise', currency: body.currency, cap: body.cap }, raises, (signature) =>
          call(setCap, { body: { ...body, signature } }),
        ),
  onSuccess: (control, _body, _result, { client }) => {
    client.setQueryData(controlQuery.queryKey, control)
    void client.invalidateQueries({ queryKey: ['status'] })
  },
  // A refusal may mean that what is shown is old.
  onError: (_error, _body, _result, { client }) => void client.invalidateQueries({ queryKey: controlQuery.queryKey }),
})

/** `letsHappen`: the same for a switch. */
export const setSwitchMutation = mutationOptions({
  mutationFn: ({ letsHappen, ...body }: BodyOf<typeof setSwitch> & { letsHappen: string | null }) =>
    letsHappen === null
      ? call(setSwitch, { body })
      : withStepUp({ purpose: 'switch', name: body.name, on: body.on }, letsHappen, (signature) => call(setSwitch, { body: { ...body, signature } })),
  onSuccess: (control, _body, _result, { client }) => {
    client.setQueryData(controlQuery.queryKey, control)
    void client.invalidateQueries({ queryKey: ['status'] })
  },
  onError: (_error, _body, _result, { client }) => void client.invalidateQueries({ queryKey: controlQuery.queryKey }),
})
