import { exportAudit, exportAuditEvents } from '@autopack/contract/audit'
import { hasRole } from '@autopack/contract/roles'
import { consolePath } from '@autopack/contract/route'
import { useMutation } from '@tanstack/react-query'
import { describeProblem } from '../../shared/describe-problem.ts'
import { formatCount } from '../../shared/format-count.ts'
import { saveText } from '../../shared/save-text.ts'
import { useSession } from '../../shared/session.ts'
import { Menu } from './menu.tsx'
import { readCheckpoints } from './read-checkpoints.ts'
import { writeKeptTexts } from './write-kept-texts.ts'

/** What can be taken away: the answer to this query as far as this person sees it, what a log is checked with, and for admins the whole chain. */
export function ExportMenu({ query, readable, count }: { query: string; readable: boolean; count: string | null }) {
  const { operator } = useSession()
  const toAddress = (format: 'csv' | 'ndjson') =>
    `${consolePath(exportAuditEvents.path)}?${new URLSearchParams({ ...(query !== '' && { q: query }), format }).toString()}`
  return (
    <Menu words="Export" icon="download" label="Export" width={340}>
      <h2>
        {query === '' ? 'Everything you may see' : 'What this query finds'}
        {count !== null && `, ${count}`}
      </h2>
      {readable ? (
        <>
          <a className="menu-item" href={toAddress('csv')} download="autopack-audit-extract.csv">
            <b>CSV</b>
            <span>For spreadsheets: one event a row. No cell runs as a formula.</span>
          </a>
          <a className="menu-item" href={toAddress('ndjson')} download="autopack-audit-extract.ndjson">
            <b>NDJSON</b>
            <span>For programs: one event a line, whole, with its seq and hash. An extract: it cannot be verified.</span>
          </a>
        </>
      ) : (
        <p className="muted">Nothing: the query cannot be read, and the field says why.</p>
      )}
      <h2>The whole log</h2>
      {hasRole(operator.role, 'admin') ? (
        <a className="menu-item" href={consolePath(exportAudit.path)} download="autopack-audit-log.ndjson">
          <b>NDJSON for the verifier</b>
          <span>Every event of everybody, without a gap: what anybody can verify offline, against checkpoints.</span>
        </a>
      ) : (
        <p className="muted">An admin can take the whole chain, which is what the verifier checks. You are {operator.role}.</p>
      )}
      <h2>What it is checked with</h2>
      <CheckpointsAndKeys />
    </Menu>
  )
}

/** As one text file, which the verifier reads, and this page. */
function CheckpointsAndKeys() {
  const save = useMutation({
    mutationFn: async () => {
      const published = await readCheckpoints(new AbortController().signal)
      saveText('autopack-audit-checkpoints.txt', 'text/plain', writeKeptTexts(published))
      return published
    },
  })
  return (
    <>
      <button className="menu-item" type="button" aria-disabled={save.isPending} onClick={() => !save.isPending && save.mutate()}>
        <b>Checkpoints and keys</b>
        <span>One text file. Keep it somewhere else now: then a log that is cut off or written anew later does not hold against it.</span>
      </button>
      <p className="menu-said" role="status">
        {save.isPending && 'Reading them.'}
        {save.isSuccess && `Saved: ${toContentWords(save.data)}.`}
        {save.error !== null && `${describeProblem(save.error).what} ${describeProblem(save.error).todo}`}
      </p>
    </>
  )
}

function toContentWords({ notes, keys, givenUp, more }: Awaited<ReturnType<typeof readCheckpoints>>): string {
  const parts = [
    `${formatCount(notes.length)} ${notes.length === 1 ? 'checkpoint' : 'checkpoints'}${more ? ', the newest' : ''}`,
    `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`,
    givenUp.length > 0 && `without ${formatCount(givenUp.length)} that ${givenUp.length === 1 ? 'was' : 'were'} given up after a restore`,
  ]
  return parts.filter(Boolean).join(', ')
}
