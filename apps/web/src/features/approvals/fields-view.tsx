import type { RenderedField } from '@autopack/approval-proof/render-action'
import { useState } from 'react'
import type { ArmingOnPage } from './use-arming.ts'
import { FieldValue, MustSee } from './field-value.tsx'
import type { Proposal } from './read-proposal.ts'

const firstFields = 400

/** Every leaf of the payload: nothing that would be sent is missing here. */
export function FieldsView({ proposal, arming, open }: { proposal: Proposal; arming: ArmingOnPage; open: boolean }) {
  const [whole, setWhole] = useState(false)
  if (proposal.rendered === null) return <p className="viewhead">These bytes are no payload, so they have no fields. The Raw tab shows them.</p>
  const { fields } = proposal.rendered
  const shown = whole ? fields : fields.slice(0, firstFields)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div className="tablewrap" tabIndex={0} role="region" aria-label={`All ${fields.length} fields`}>
      <table className="t flush fields">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            <th scope="col">Path in the payload</th>
            <th scope="col">Read as</th>
          </tr>
        </thead>
        {toGroups(shown).map(([group, members]) => (
          <tbody key={group}>
            <tr className="group">
              <td colSpan={4}>
                <span className={group === 'Unexplained' ? 'irrev' : undefined}>{group}</span> <span className="faint tn">{members.length}</span>
              </td>
            </tr>
            {members.map((field) => (
              <tr key={field.pointer}>
                <th scope="row">
                  {field.label}
                  {open && field.must_see && <MustSee seen={arming.seen.includes(field.pointer)} />}
                </th>
                <td>
                  <FieldValue field={field} mark={field.must_see && field.format !== 'unexplained'} strong={field.must_see} />
                </td>
                <td className="mono muted">{field.format === 'unexplained' ? '' : field.pointer}</td>
                <td className={field.format === 'unexplained' ? 'irrev' : 'muted'}>{field.format.replaceAll('_', ' ')}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {shown.length < fields.length && (
        <p className="viewhead">
          <button className="btn" type="button" onClick={() => setWhole(true)}>
            Show the other {fields.length - shown.length} fields
          </button>
        </p>
      )}
    </div>
  )
}

function toGroups(fields: readonly RenderedField[]): [string, RenderedField[]][] {
  const groups = new Map<string, RenderedField[]>()
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field])
  return [...groups]
}
