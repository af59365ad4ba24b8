import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Empty } from '../../shared/empty.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { useSession } from '../../shared/session.ts'
import { SaidLine, type Said } from '../../shared/settings/said-line.tsx'
import { SettingsFrame } from '../../shared/settings/settings-frame.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { executorsQuery } from './executor-acts.ts'
import { ExecutorSection } from './executor-section.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import './keys-page.css'

/** `/settings/keys`: the executors, whose they are, who sees what they do, and the keys they work with. */
export function KeysPage() {
  const { operator } = useSession()
  const executors = useQuery(executorsQuery)
  const newButton = useRef<HTMLButtonElement>(null)
  const [making, setMaking] = useState(false)
  const [said, setSaid] = useState<Said | null>(null)
  const may = hasRole(operator.role, 'admin')
  const items = executors.data?.items
  const ending = (items ?? []).flatMap((executor) => executor.keys ?? []).filter((key) => key.standing === 'expiring').length
  return (
    <SettingsFrame
      title="Executor keys"
      act={
        <button
          ref={newButton}
          className="btn"
          type="button"
          aria-disabled={!may}
          aria-describedby={may ? undefined : 'keys-who'}
          onClick={() => may && setMaking(true)}
        >
          New executor…
        </button>
      }
    >
      <div className="settings-list">
        {executors.error !== null && (
          <ProblemPanel
            title={items === undefined ? 'The executors could not be read' : 'This list may be old'}
            error={executors.error}
            stillWorks="Keys go on working."
            onRetry={() => void executors.refetch()}
          />
        )}
        {!may && (
          <p className="muted settings-note" id="keys-who">
            Making an executor or a further key, and handing one over, needs an admin; you are {operator.role}. Keys and sharing are shown to the
            owner of an executor, who may change who sees it, rotate its keys and revoke them.
          </p>
        )}
        {ending > 0 && (
          <p className="settings-note">
            <StateMark kind="halted" label={ending === 1 ? 'One key ends soon' : `${ending} keys end soon`} />{' '}
            <span className="muted">Rotate it before that: afterwards its executor can do nothing.</span>
          </p>
        )}
        <SaidLine said={said} read={items} />
        {items === undefined && executors.error === null && <Skeleton rows={4} label="Reading the executors" />}
        {items?.length === 0 && (
          <Empty title="No executor yet">
            <p>
              {may
                ? 'Make one: it gets a key, shown once, that a program sends with each request.'
                : 'What is yours or shared with you appears here.'}
            </p>
          </Empty>
        )}
        {items?.map((executor) => (
          <ExecutorSection key={executor.executor_id} executor={executor} isAdmin={may} onDone={(words) => setSaid({ words })} />
        ))}
      </div>
      {making && (
        <NewKeyDialog
          executor={null}
          owner={operator.operator_id}
          onMade={(name) => setSaid({ words: `${name} has a new key.` })}
          onClose={() => {
            setMaking(false)
            newButton.current?.focus()
          }}
        />
      )}
    </SettingsFrame>
  )
}
