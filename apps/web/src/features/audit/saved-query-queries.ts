import { listAuditQueries, removeAuditQuery, saveAuditQuery } from '@autopack/contract/audit-queries'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

export const savedQueriesQuery = queryOptions({
  queryKey: ['audit-queries'],
  queryFn: ({ signal }) => call(listAuditQueries, { signal }),
})

export const saveQueryMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof saveAuditQuery>) => call(saveAuditQuery, { body }),
  onSettled: (_answer, _error, _body, _result, { client }) => client.invalidateQueries({ queryKey: savedQueriesQuery.queryKey }),
})

/** The query goes along, so that it can be saved again. */
export const removeQueryMutation = mutationOptions({
  mutationFn: ({ name }: { name: string; query: string }) => call(removeAuditQuery, { body: { name } }),
  onSettled: (_answer, _error, _body, _result, { client }) => client.invalidateQueries({ queryKey: savedQueriesQuery.queryKey }),
})
