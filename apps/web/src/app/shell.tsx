import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { useLocation, useNavigate, useNavigationType } from 'react-router'
import { brakeKeys, useKeys } from '../shared/keyboard.ts'
import { useSession } from '../shared/session.ts'
import { Skeleton } from '../shared/skeleton.tsx'
import { statusQuery } from '../shared/status-queries.ts'
import { DeploymentStrip } from './deployment-strip.tsx'
import { PageBoundary } from './page-boundary.tsx'
import { StaleNotice } from './stale-notice.tsx'
import { toBrakeAddress } from './to-brake-address.ts'
import { TopBar } from './top-bar.tsx'

const loadKeySheet = async () => ({ default: (await import('./key-sheet.tsx')).KeySheet })
const KeySheet = lazy(() => loadKeySheet().catch(() => ({ default: NoKeySheet })))

/** Without the network there is no sheet; the page goes on. */
function NoKeySheet() {
  return <></>
}

/** What surrounds every page of a signed-in person. */
export function Shell({ children }: { children: ReactNode }) {
  const navigate = useNavigate()
  const { operator } = useSession()
  const { data: status } = useQuery(statusQuery)
  const { pathname } = useLocation()
  const how = useNavigationType()
  const main = useRef<HTMLElement>(null)
  const shownPath = useRef(pathname)
  const [sheet, setSheet] = useState(false)
  useKeys([
    { keys: 'g n', does: 'go to Now', run: () => void navigate('/') },
    { keys: 'g a', does: 'go to Approvals', run: () => void navigate('/approvals') },
    { keys: 'g r', does: 'go to Runs', run: () => void navigate('/runs') },
    { keys: 'g c', does: 'go to Actions', run: () => void navigate('/actions') },
    { keys: 'g u', does: 'go to Audit', run: () => void navigate('/audit') },
    { keys: 'g l', does: 'go to Limits', run: () => void navigate('/limits') },
    { keys: 'g b', does: 'go to Brake', run: () => void navigate('/brake') },
    { keys: '?', does: 'this sheet', run: () => setSheet(true) },
    { keys: brakeKeys, does: 'brake: asks why, Enter stops', run: () => void navigate(toBrakeAddress(operator.role, status?.control)) },
  ])

  // A new page is announced and read from its beginning; a filter in the address is not a new page.
  useEffect(() => {
    if (shownPath.current === pathname) return
    shownPath.current = pathname
    main.current?.focus({ preventScroll: true })
    if (how !== 'POP') window.scrollTo(0, 0)
  }, [pathname, how])

  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar />
      <aside aria-label="This installation">
        <DeploymentStrip />
        <StaleNotice />
      </aside>
      <main id="main" ref={main} tabIndex={-1}>
        <PageBoundary key={pathname}>
          <Suspense fallback={<Skeleton />}>{children}</Suspense>
        </PageBoundary>
      </main>
      {sheet && (
        <Suspense fallback={null}>
          <KeySheet onClose={() => setSheet(false)} />
        </Suspense>
      )}
    </>
  )
}
