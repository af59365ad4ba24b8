import { createExecutorKey, revokeExecutorKey, rotateExecutorKey } from '@autopack/contract/executor-keys'
import { listExecutors, shareExecutor, transferExecutor } from '@autopack/contract/executors'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions, queryOptions, type QueryClient } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { withStepUp } from '../../shared/step-up/with-step-up.ts'

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

export const createKeyMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof createExecutorKey>) =>
    withStepUp({ purpose: 'executor_key', executor_name: body.executor_name }, `A new key for ${body.executor_name}`, (signature) =>
      call(createExecutorKey, { body: { ...body, signature } }),
    ),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const rotateKeyMutation = mutationOptions({
  mutationFn: ({ key_id, executor_name, ...body }: { key_id: string; executor_name: string; old_key_hours: number; expires_in_days: number }) =>
    withStepUp({ purpose: 'executor_key', executor_name }, `Another key for ${executor_name}`, (signature) =>
      call(rotateExecutorKey, { params: { key_id }, body: { ...body, signature } }),
    ),
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
  mutationFn: ({ executor_id, ...body }: BodyOf<typeof transferExecutor> & { executor_id: string }) =>
    call(transferExecutor, { params: { executor_id }, body }),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})
