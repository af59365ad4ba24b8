import { createExecutorKey, revokeExecutorKey, rotateExecutorKey } from '@autopack/contract/executor-keys'
import { listExecutors, shareExecutor, transferExecutor } from '@autopack/contract/executors'
import type { BodyOf } from '@autopack/contract/route'
import { toScopeList } from '@autopack/contract/scopes'
import { mutationOptions, queryOptions, type QueryClient } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { withStepUp } from '../../shared/step-up/with-step-up.ts'
import type { ExecutorKey } from './key-words.ts'

/** The executors that the person may see. Nothing tells when a key is used, so it is asked for again while it is looked at. */
export const executorsQuery = queryOptions({
  queryKey: ['executors'],
  queryFn: ({ signal }) => call(listExecutors, { signal }),
  staleTime: 5_000,
  refetchInterval: 30_000,
})

function readAgain(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: executorsQuery.queryKey })
}

type WantedKey = Omit<BodyOf<typeof createExecutorKey>, 'signature'> & { owner_operator_id: string }
type WantedRotation = { key: ExecutorKey; shared_with_everyone: boolean; old_key_hours: number; expires_in_days: number }

export const createKeyMutation = mutationOptions({
  mutationFn: (wanted: WantedKey) => {
    const { executor_name, owner_operator_id, shared_with_everyone, expires_in_days } = wanted
    const act = {
      purpose: 'executor_key',
      act: 'create',
      key_id: null,
      executor_name,
      owner_operator_id,
      shared_with_everyone,
      scopes: toScopeList(wanted.scopes),
      expires_in_days,
      old_key_hours: null,
    } as const
    return withStepUp(act, `A new key for ${executor_name}`, (signature) => call(createExecutorKey, { body: { ...wanted, signature } }))
  },
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const rotateKeyMutation = mutationOptions({
  mutationFn: ({ key, shared_with_everyone, ...body }: WantedRotation) => {
    const { key_id, scopes } = key
    const executor_name = key.executor.name
    const act = {
      purpose: 'executor_key',
      act: 'rotate',
      key_id,
      executor_name,
      owner_operator_id: key.owner.operator_id,
      shared_with_everyone,
      scopes: toScopeList(scopes),
      ...body,
    } as const
    return withStepUp(act, `Another key for ${executor_name}`, (signature) =>
      // What was signed, also where the key was changed meanwhile.
      call(rotateExecutorKey, { params: { key_id }, body: { ...body, scopes, signature } }),
    )
  },
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const revokeKeyMutation = mutationOptions({
  mutationFn: ({ key_id, reason }: { key_id: string; reason: string }) =>
    call(revokeExecutorKey, { params: { key_id }, body: reason === '' ? {} : { reason } }),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const shareMutation = mutationOptions({
  mutationFn: ({ executor_id, ...body }: BodyOf<typeof shareExecutor> & { executor_id: string }) =>
    call(shareExecutor, { params: { executor_id }, body }),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const transferMutation = mutationOptions({
  mutationFn: ({ executor_id, words, ...body }: BodyOf<typeof transferExecutor> & { executor_id: string; words: string }) =>
    withStepUp({ purpose: 'executor_transfer', executor_id, owner_operator_id: body.owner_operator_id }, words, (signature) =>
      call(transferExecutor, { params: { executor_id }, body: { ...body, signature } }),
    ),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})
