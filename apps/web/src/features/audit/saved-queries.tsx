import { savedQueryNameLimit } from '@autopack/contract/audit-queries'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { describeProblem } from '../../shared/describe-problem.ts'
import { Icon } from '../../shared/icon.tsx'
import { Link } from '../../shared/link.tsx'
import { toAuditAddress } from './audit-address.ts'
import { Menu } from './menu.tsx'
import { removeQueryMutation, savedQueriesQuery, saveQueryMutation } from './saved-query-queries.ts'

/** Queries that a person keeps under a name, on every device. Saving under a name that is there replaces its query. */
export function SavedQueries({ query, readable }: { query: string; readable: boolean }) {
  const id = useId()
  const saved = useQuery(savedQueriesQuery)
  const save = useMutation(saveQueryMutation)
  const remove = useMutation(removeQueryMutation)
  const items = saved.data?.items ?? []
  const current = items.find((item) => item.query === query)
  const [typed, setTyped] = useState<string | null>(null)
  const name = (typed ?? current?.name ?? '').trim()
  const replaces = items.some((item) => item.name === name && item.query !== query)
  const error = save.error ?? remove.error ?? saved.error
  const removed = remove.isSuccess && !items.some((item) => item.name === remove.variables.name) ? remove.variables : null
  const obstacle = query === '' ? 'there is no query in the field' : readable ? null : 'the query cannot be read'

  return (
    <Menu words={current === undefined ? 'Saved' : <span className="clip savedname">{current.name}</span>} label="Saved queries" width={360}>
      <h2>Saved queries</h2>
      {saved.isPending && <p className="muted">Reading them.</p>}
      {saved.data !== undefined && items.length === 0 && <p className="muted">None yet. A query that you save is there on all your devices, and only for you.</p>}
      <ul>
        {items.map((item) => (
          <li key={item.name} className="saved">
            <Link className="menu-item" to={toAuditAddress(item.query)} aria-current={item === current ? 'true' : undefined}>
              <b className="clip" dir="auto">
                {toAgentWords(item.name)}
              </b>
              <span className="mono clip">{item.query}</span>
            </Link>
            <button className="btn quiet iconbtn" type="button" aria-label={`Remove ${toAgentWords(item.name)}`} onClick={() => remove.mutate(item)}>
              <Icon name="x" small />
            </button>
          </li>
        ))}
      </ul>
      <p className="saved-said" role="status">
        {removed !== null && (
          <>
            <span className="v">{toAgentWords(removed.name)}</span> is removed.{' '}
            <button className="btn xs" type="button" onClick={() => save.mutate(removed)}>
              Undo
            </button>
          </>
        )}
      </p>
      <form
        className="savedform"
        onSubmit={(event) => {
          event.preventDefault()
          if (name !== '' && obstacle === null) save.mutate({ name, query }, { onSuccess: () => setTyped(null) })
        }}
      >
        <label htmlFor={`${id}-name`}>{current === undefined ? 'Save this query as' : 'Save it under another name'}</label>
        <div>
          <input
            className="input"
            id={`${id}-name`}
            maxLength={savedQueryNameLimit}
            autoComplete="off"
            value={typed ?? current?.name ?? ''}
            onChange={(event) => setTyped(event.target.value)}
          />
          <button className="btn" type="submit" aria-disabled={name === '' || obstacle !== null || save.isPending}>
            {save.isPending ? 'Saving' : replaces ? 'Replace' : 'Save'}
          </button>
        </div>
        {obstacle !== null && <p className="hint">Nothing to save: {obstacle}.</p>}
        {replaces && <p className="hint">This name has another query, which it replaces.</p>}
      </form>
      {error !== null && (
        <p className="err" role="alert">
          {describeProblem(error).what} {describeProblem(error).todo}
        </p>
      )}
    </Menu>
  )
}
