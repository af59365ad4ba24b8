import { Link } from '../shared/link.tsx'
import { Empty } from '../shared/empty.tsx'
import { PageTitle } from '../shared/page-title.tsx'

export function NotFoundPage() {
  return (
    <>
      <PageTitle>Nothing here</PageTitle>
      <Empty title="Nothing is at this address" asPage>
        <p className="muted">It may be mistyped, or of a later version of the console.</p>
        <Link to="/">To Now</Link>
      </Empty>
    </>
  )
}
