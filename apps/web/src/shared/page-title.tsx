import { useQuery } from '@tanstack/react-query'
import { actionableQueueQuery } from './approval-queue-queries.ts'
import { formatTotal } from './format-count.ts'

/** The tab's title, with what waits for you in front, so that it is seen from another tab. */
export function PageTitle({ children }: { children: string }) {
  const { data } = useQuery(actionableQueueQuery)
  const waiting = data && data.total.count > 0 ? `(${formatTotal(data.total)}) ` : ''
  return <title>{`${waiting}${children} · Autopack Console`}</title>
}
