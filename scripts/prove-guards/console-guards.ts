import type { Guard } from './guard.ts'

const shared = 'apps/bff/src/shared'
const features = 'apps/bff/src/features'
const approvals = 'apps/web/src/features/approvals'
const forged = (name: string) => ({ file: `${shared}/refused-request.test.ts`, name })

/** Between a person and the control plane: the browser, its session, and who may speak through it. */
export const consoleGuards: readonly Guard[] = [
  {
    name: 'csrf-header',
    protects: 'A change carries a header that no form of another site can set (security: CSRF and the guard).',
    file: `${shared}/refused-request.ts`,
    remove: "if (request.header('x-csrf') !== '1') return",
    put: "if (request.header('x-csrf') === '0') return",
    test: forged('a change > without X-CSRF'),
  },
  {
    name: 'csrf-origin',
    protects: 'A change comes from a page of the console (security: CSRF and the guard).',
    file: `${shared}/refused-request.ts`,
    remove: "if (request.header('origin') !== origin) return",
    put: "if (request.header('origin') === undefined) return",
    test: forged('a change > with another Origin'),
  },
  {
    name: 'csrf-fetch-site',
    protects: 'A browser that says that another site asks is believed (security: CSRF and the guard).',
    file: `${shared}/refused-request.ts`,
    remove: "if (site !== undefined && site !== 'same-origin') return",
    put: "if (site === 'none') return",
    test: forged('a change > of another site'),
  },
  {
    name: 'exact-host',
    protects: 'The API answers under the configured host only (security: CSRF and the guard).',
    file: `${shared}/refused-request.ts`,
    remove: "if (request.header('host') !== new URL(origin).host) return",
    put: "if (request.header('host') === undefined) return",
    test: { file: `${features}/pages/pages.test.ts`, name: 'another address > the API answers under the configured host only' },
  },
  {
    name: 'cookie-flags',
    protects: 'No script and no other site gets the session cookie (security: sessions).',
    file: `${shared}/cookies.ts`,
    remove: '; HttpOnly; SameSite=Strict${',
    put: '; SameSite=Lax${',
    test: {
      file: `${features}/sign-in/sign-in.test.ts`,
      name: 'signing in > answers who it is and sets a session cookie that scripts and other sites cannot use',
    },
  },
  {
    name: 'cookie-over-https',
    protects: 'Over https the session cookie is Secure and bound to this host (security: sessions).',
    file: `${shared}/cookies.ts`,
    remove: "const prefix = secure ? '__Host-' : ''",
    put: "const prefix = ''",
    test: { file: `${features}/sessions/sessions.test.ts`, name: 'over https > the cookie has the __Host- prefix and Secure, and HSTS is set' },
  },
  {
    name: 'session-revocation',
    protects: 'A session that was ended is over at once, for a copy of its cookie too (security: sessions).',
    file: `${shared}/session-rows.ts`,
    remove: '    isNull(sessionTable.revoked_at),\n    gt(',
    put: '    gt(',
    test: {
      file: `${features}/sessions/sessions.test.ts`,
      name: 'a session > is over after signing out, for a copy of its cookie too, and the cookie is taken away',
    },
  },
  {
    name: 'session-token-type',
    protects: 'No other token of the same key is a session (security: sessions).',
    file: `${shared}/session-token.ts`,
    remove: '      typ: type,\n',
    put: '',
    test: { file: `${shared}/session-token.test.ts`, name: 'a session token > of another type, issuer, audience or key id is refused' },
  },
  {
    name: 'answers-in-the-contract',
    protects: 'A server answers what the contract names and nothing more (security: limits).',
    file: 'packages/server-kit/src/mount-route.ts',
    remove: 'route.answer.schema ? z.parse(route.answer.schema, result) : result',
    put: 'result',
    test: {
      file: 'packages/server-kit/src/mount-route.test.ts',
      name: 'a column that the contract does not know never leaves the server: the answer is refused, not shown',
    },
  },
  {
    name: 'browser-recomputes-hash',
    protects: 'The browser hashes the bytes it shows and says when the server names another hash (I-6).',
    file: `${approvals}/read-proposal.ts`,
    remove: 'if (hash !== action.payload_hash) differences.push',
    put: "if (hash === '') differences.push",
    test: {
      file: `${approvals}/read-proposal.test.ts`,
      name: 'readProposal > says that the hash is not the hash of these bytes when one byte is another',
    },
  },
  {
    name: 'browser-refuses-differences',
    protects: 'While bytes and server disagree, Approve cannot be pressed (I-6).',
    file: `${approvals}/find-obstacle.ts`,
    remove: 'if (proposal.differences.length > 0 || proposal.rendered === null) return',
    put: 'if (proposal.rendered === null) return',
    test: { file: `${approvals}/find-obstacle.test.ts`, name: 'findObstacle > is stopped by bytes' },
  },
  {
    name: 'approve-arms-when-seen',
    protects: 'Approve arms only after everything that must be seen was on screen (I-6).',
    file: `${approvals}/arming.ts`,
    remove: ' && listUnseen(state).length === 0',
    put: '',
    test: { file: `${approvals}/arming.test.ts`, name: 'arming > never arms when condition 1 is missing' },
  },
  {
    name: 'approve-arms-late',
    protects: 'What changes under somebody’s eyes cannot be approved by the click that was already on its way (I-6).',
    file: `${approvals}/arming.ts`,
    remove: 'changed: !first, ready_since: null }',
    put: 'changed: !first }',
    test: { file: `${approvals}/arming.test.ts`, name: 'arming > takes longer after a change of the same bytes, and keeps what was seen' },
  },
]
