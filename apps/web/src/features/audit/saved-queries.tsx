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
  const isThere = items.some((item) => item.name === name && item.query === query)
  const error = save.error ?? remove.error ?? saved.error
  const obstacle = query === '' ? 'there is no query in the field' : readable ? null : 'the query cannot be read'

  // Of the two only the last says how it went.
  const keep = (body: { name: string; query: string }) => {
    remove.reset()
    save.mutate(body, { onSuccess: () => setTyped(null) })
  }
  const drop = ({ name, query }: { name: string; query: string }) => {
    save.reset()
    remove.mutate({ name, query })
  }

  return (
    <Menu
      words={current === undefined ? 'Saved' : <span className="clip savedname">{toAgentWords(current.name)}</span>}
      label="Saved queries"
      width={360}
    >
      <h2>Saved queries</h2>
      {saved.isPending && <p className="muted">Reading them.</p>}
      {saved.data !== undefined && items.length === 0 && (
        <p className="muted">None yet. A query that you save is there on all your devices, and only for you.</p>
      )}
      <ul>
        {items.map((item) => (
          <li key={item.name} className="saved">
            <Link className="menu-item" to={toAuditAddress(item.query)} aria-current={item === current ? 'true' : undefined}>
              <b className="clip" dir="auto">
                {toAgentWords(item.name)}
              </b>
              <span className="mono clip">{toAgentWords(item.query)}</span>
            </Link>
            <button className="btn quiet iconbtn" type="button" aria-label={`Remove ${toAgentWords(item.name)}`} onClick={() => drop(item)}>
              <Icon name="x" small />
            </button>
          </li>
        ))}
      </ul>
      <p className="menu-said" role="status">
        {save.isSuccess && (
          <>
            <span className="v">{toAgentWords(save.variables.name)}</span> is saved.
          </>
        )}
        {remove.isSuccess && (
          <>
            <span className="v">{toAgentWords(remove.variables.name)}</span> is removed.{' '}
            <button
              className="btn xs"
              type="button"
              // The button that was pressed is gone with its query: the keyboard goes on here.
              ref={(button) => (document.activeElement === document.body ? button?.focus() : undefined)}
              onClick={() => keep(remove.variables)}
            >
              Undo
            </button>
          </>
        )}
      </p>
      <form
        className="savedform"
        onSubmit={(event) => {
          event.preventDefault()
          if (name !== '' && obstacle === null && !isThere && !save.isPending) keep({ name, query })
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
          <button className="btn" type="submit" aria-disabled={name === '' || obstacle !== null || isThere || save.isPending}>
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
