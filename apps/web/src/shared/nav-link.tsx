import { useLocation, useResolvedPath } from 'react-router'
import { Link, type LinkProps } from './link.tsx'

/** A link that says when it leads to where one is: to this page, or to one below it; the start only to itself. */
export function NavLink(props: LinkProps & { end?: boolean }) {
  const { end = false, ...rest } = props
  const { pathname } = useLocation()
  const path = useResolvedPath(rest.to).pathname
  const here = pathname === path || (!end && path !== '/' && pathname.startsWith(`${path}/`))
  return <Link {...rest} aria-current={here ? 'page' : undefined} />
}
