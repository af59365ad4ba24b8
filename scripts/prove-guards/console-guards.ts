import type { Guard } from './guard.ts'

const shared = 'apps/bff/src/shared'
const features = 'apps/bff/src/features'
const plainBrake = `${features}/plain-brake`
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
  {
    name: 'form-token',
    protects: 'A form of the plain brake page changes something only for the session that the page was made for (security: CSRF and the guard).',
    file: `${plainBrake}/plain-brake-routes.ts`,
    remove: "if (!isFormToken(deps.signingKey, session, fields.get('token') ?? null))",
    put: "if (fields.get('token') === 'none')",
    test: {
      file: `${plainBrake}/plain-brake.test.ts`,
      name: 'a form that this page did not make for this session > changes nothing with the token of somebody else',
    },
  },
  {
    name: 'form-of-one-path',
    protects: 'A form reaches nothing but the brake (security: CSRF and the guard).',
    file: `${shared}/refused-request.ts`,
    remove: "if (request.path === plainBrakePath && request.method === 'POST') {",
    put: "if (request.method === 'POST') {",
    test: forged('a form of the plain brake page > no other method and no other path takes a form'),
  },
  {
    name: 'form-of-one-type',
    protects: 'What a form cannot be is refused where a form is taken (security: CSRF and the guard).',
    file: `${shared}/refused-request.ts`,
    remove: "if (request.header('content-type') === 'application/x-www-form-urlencoded') return null",
    put: "if (request.header('content-type') !== undefined) return null",
    test: forged('a form of the plain brake page > as plain text'),
  },
  {
    name: 'plain-page-escapes',
    protects: 'What people and agents wrote is text on the plain brake page (security: headers).',
    file: `${plainBrake}/html-text.ts`,
    remove: '.replace(/[&<>"\']/g, (each) => escapes[each]!)',
    put: '',
    test: { file: `${plainBrake}/plain-brake.test.ts`, name: 'the page > shows what people and agents wrote as text, whatever it is' },
  },
  {
    name: 'release-is-deliberate',
    protects: 'Nothing is released by one press on the plain brake page (security: limits).',
    file: `${plainBrake}/parse-brake-form.ts`,
    remove: "if (found.get('sure') !== 'yes')",
    put: "if (found.get('sure') === 'no')",
    test: { file: `${plainBrake}/plain-brake.test.ts`, name: 'releasing > asks for the brake by its id once the person said that it is meant' },
  },
  {
    name: 'stop-is-always-tried',
    protects: 'A stop is tried however often the control plane was silent (security: limits).',
    file: 'apps/bff/src/upstream/control-plane.ts',
    remove: "if (route.policy.rate_class !== 'safety') breaker.check()",
    put: 'breaker.check()',
    test: { file: `${plainBrake}/plain-brake.test.ts`, name: 'stopping > says that it is not known, and what to do, when no answer arrives' },
  },
]
