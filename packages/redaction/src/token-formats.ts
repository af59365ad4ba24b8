import type { Span } from './span.ts'

/**
 * Secrets that give themselves away by their form. Each expression is bounded and finds where a token begins; `rest` is what may follow,
 * so that a token is redacted to its end, however long it is.
 */
type TokenFormat = { rule: string; begins: RegExp; rest: RegExp }

const word = /[A-Za-z0-9_-]/
const base64 = /[A-Za-z0-9+/=_-]/

const formats: TokenFormat[] = [
  { rule: 'autopack_key', begins: /(?<![A-Za-z0-9])apk_[0-9a-z]{12}_[0-9a-f]{16}/g, rest: /[0-9a-z_]/ },
  { rule: 'aws_access_key', begins: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, rest: /[A-Z0-9]/ },
  { rule: 'github_token', begins: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/g, rest: word },
  { rule: 'gitlab_token', begins: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{20}/g, rest: /[A-Za-z0-9_.-]/ },
  { rule: 'slack_token', begins: /(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10}/g, rest: word },
  { rule: 'slack_webhook', begins: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9]{6}/g, rest: /[A-Za-z0-9/_-]/ },
  { rule: 'stripe_key', begins: /(?<![A-Za-z0-9])(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}|whsec_[A-Za-z0-9+/]{24})/g, rest: base64 },
  {
    rule: 'model_provider_key',
    begins: /(?<![A-Za-z0-9])sk-(?:(?:ant|proj|svcacct|admin|or)-)?(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20}/g,
    rest: word,
  },
  { rule: 'google_key', begins: /(?<![A-Za-z0-9])(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20}|GOCSPX-[A-Za-z0-9_-]{20})/g, rest: word },
  { rule: 'npm_token', begins: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g, rest: word },
  { rule: 'pypi_token', begins: /(?<![A-Za-z0-9])pypi-AgE[A-Za-z0-9_-]{20}/g, rest: word },
  { rule: 'shopify_token', begins: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/g, rest: word },
  { rule: 'sendgrid_key', begins: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16}/g, rest: word },
  { rule: 'telegram_token', begins: /(?<![A-Za-z0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{32}/g, rest: word },
  {
    rule: 'bearer_token',
    begins: /(?<![A-Za-z0-9])bearer[ \t]{1,4}(?=[A-Za-z._~+/=-]{0,60}[0-9])[A-Za-z0-9._~+/=-]{16}/gi,
    rest: /[A-Za-z0-9._~+/=-]/,
  },
]

export function listTokens(text: string): Span[] {
  const spans: Span[] = []
  for (const { rule, begins, rest } of formats) {
    let after = 0
    for (const match of text.matchAll(begins)) {
      if (match.index < after) continue
      after = match.index + match[0].length
      while (after < text.length && rest.test(text[after]!)) after += 1
      spans.push({ start: match.index, end: after, rule, priority: rule === 'bearer_token' ? 30 : 50 })
    }
  }
  return [...spans, ...listJwts(text), ...listPrivateKeys(text), ...listUrlPasswords(text)]
}

/** JSON Web Tokens (RFC 7519; signed or encrypted): looked for once in each run of their alphabet. */
function listJwts(text: string): Span[] {
  const spans: Span[] = []
  for (const match of text.matchAll(/[A-Za-z0-9_.-]{20,}/g)) {
    const from = match[0].indexOf('eyJ')
    if (from === -1) continue
    const [header = '', claims = '', signature] = match[0].slice(from).split('.', 3)
    if (header.length < 10 || claims.length < 4 || signature === undefined) continue
    spans.push({ start: match.index + from, end: match.index + match[0].length, rule: 'jwt', priority: 40 })
  }
  return spans
}

const longestPrivateKey = 64 * 1024

/** PEM blocks of private keys (RFC 7468, OpenSSH, PGP); one without an end is redacted as far as the longest key would reach. */
function listPrivateKeys(text: string): Span[] {
  const spans: Span[] = []
  let after = 0
  for (const match of text.matchAll(/-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g)) {
    if (match.index < after) continue
    const window = text.slice(match.index, match.index + longestPrivateKey)
    const end = /-----END [A-Z0-9 ]{1,80}-----/.exec(window)
    after = match.index + (end === null ? window.length : end.index + end[0].length)
    spans.push({ start: match.index, end: after, rule: 'private_key', priority: 60 })
  }
  return spans
}

const longestAuthority = 2048

/** The password of a URL or DSN of any scheme: `scheme://user:password@host`, and a long user that stands alone, as tokens do. */
function listUrlPasswords(text: string): Span[] {
  const spans: Span[] = []
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const start = at + 3
    let end = start
    while (end < text.length && end - start < longestAuthority && !/[\s"'`<>/\\]/.test(text[end]!)) end += 1
    const authority = text.slice(start, end)
    const userEnd = authority.lastIndexOf('@')
    const colon = authority.indexOf(':')
    if (userEnd === -1) continue
    if (colon !== -1 && colon < userEnd) spans.push({ start: start + colon + 1, end: start + userEnd, rule: 'url_password', priority: 30 })
    else if (userEnd >= 20) spans.push({ start, end: start + userEnd, rule: 'url_password', priority: 30 })
  }
  return spans
}
