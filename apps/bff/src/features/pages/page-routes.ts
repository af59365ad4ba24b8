/** Documents and assets. Another site may link to them; nothing here reads a cookie or changes anything. */
import type { App } from '@autopack/server-kit/create-app'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { pageHeaders } from './page-headers.ts'
import { readPages } from './read-pages.ts'
import type { Page } from './read-pages.ts'
import { redirectOfHost, secureContextPage } from './wrong-host.ts'

export function mountPages(app: App, deps: Deps): void {
  const pages = readPages(deps.configuration.webDirectory)
  const { origin } = deps.configuration

  app.on(['GET', 'HEAD'], '*', (c) => {
    const path = c.req.path
    const host = c.req.header('host') ?? ''
    if (host !== new URL(origin).host) {
      const target = redirectOfHost(host, origin)
      const url = new URL(c.req.url)
      if (target !== null)
        return new Response(null, {
          status: 307,
          headers: { ...pageHeaders, location: `${target}${url.pathname}${url.search}`, 'cache-control': 'no-store' },
        })
      return new Response(secureContextPage(origin), {
        status: 400,
        headers: { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
      })
    }
    const found = pages.get(path)
    if (found) return answer(c, found)
    const start = pages.get('/index.html')
    if (!start) throw new ProblemError('not_ready', 'The pages of the console are not built: run `npm run build`, then start again.')
    // A path of the application has no dot in its last segment, or it is a run or phase id, which comes with `text/html` wanted.
    const isNavigation = !/\.[A-Za-z0-9]{1,8}$/.test(path) || (c.req.header('accept') ?? '').includes('text/html')
    if (path.startsWith('/assets/') || !isNavigation) throw new ProblemError('not_found', 'Nothing is at this path.')
    return answer(c, start)
  })
}

function answer(c: Context, page: Page): Response {
  const headers = new Headers({
    ...pageHeaders,
    'content-type': page.type,
    'cache-control': page.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: page.etag,
  })
  if (page.download) headers.set('content-disposition', 'attachment')
  if (page.br || page.gzip) headers.set('vary', 'accept-encoding')
  const offered = c.req.header('if-none-match')?.split(',')
  if (offered?.some((each) => each.trim().replace(/^W\//, '') === page.etag)) return new Response(null, { status: 304, headers })
  const accepted = (c.req.header('accept-encoding') ?? '').split(',').map((each) => each.trim().toLowerCase())
  const accepts = (coding: string) => accepted.some((each) => each === coding || (each.startsWith(`${coding};`) && !/;\s*q=0(\.0*)?$/.test(each)))
  const coding = page.br && accepts('br') ? 'br' : page.gzip && accepts('gzip') ? 'gzip' : null
  if (coding !== null) headers.set('content-encoding', coding)
  return new Response(coding === null ? page.plain : coding === 'br' ? page.br : page.gzip, { headers })
}
