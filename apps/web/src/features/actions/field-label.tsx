import { loadDescriptor } from '@autopack/action-catalog/load-descriptor'
import { useQuery } from '@tanstack/react-query'
import { AgentText, toAgentWords } from '../../shared/agent-text.tsx'

type Props = { provider: string; operation: string; pointer: string }

/** A field as its description calls it, with its place in the title; the place alone while or where there is no description. */
export function FieldLabel({ provider, operation, pointer }: Props) {
  const { data } = useQuery({
    queryKey: ['descriptor', provider, operation],
    queryFn: () => loadDescriptor(provider, operation),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const path = pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*')
  const label = data?.fields.find((field) => field.path === path)?.label
  return label === undefined ? <AgentText text={pointer} /> : <b title={toAgentWords(pointer)}>{label}</b>
}
