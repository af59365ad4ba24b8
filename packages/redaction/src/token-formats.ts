import { barrier } from './barrier.ts'
import type { Span } from './span.ts'

/**
 * Secrets that give themselves away by their form. Each expression is bounded and finds where a token begins; it reaches to the next
 * character that `ends` it, however far that is.
 */
type TokenFormat = { rule: string; begins: RegExp; ends: RegExp }

const wordEnds = /[^A-Za-z0-9_-]/g
const base64Ends = /[^A-Za-z0-9+/=_-]/g

const formats: TokenFormat[] = [
  { rule: 'autopack_key', begins: /(?<![A-Za-z0-9])(?:apk_[0-9a-z]{12}|aps)_[0-9a-f]{16}/g, ends: /[^0-9a-z_]/g },
  { rule: 'aws_access_key', begins: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, ends: /[^A-Z0-9]/g },
  { rule: 'github_token', begins: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/g, ends: wordEnds },
  { rule: 'gitlab_token', begins: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{20}/g, ends: /[^A-Za-z0-9_.-]/g },
  { rule: 'slack_token', begins: /(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10}/g, ends: wordEnds },
  { rule: 'slack_webhook', begins: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9]{6}/g, ends: /[^A-Za-z0-9/_-]/g },
  { rule: 'stripe_key', begins: /(?<![A-Za-z0-9])(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}|whsec_[A-Za-z0-9+/]{24})/g, ends: base64Ends },
  {
    rule: 'model_provider_key',
    begins: /(?<![A-Za-z0-9])sk-(?:(?:ant|proj|svcacct|admin|or)-)?(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20}/g,
    ends: wordEnds,
  },
  { rule: 'google_key', begins: /(?<![A-Za-z0-9])(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20}|GOCSPX-[A-Za-z0-9_-]{20})/g, ends: wordEnds },
  { rule: 'npm_token', begins: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g, ends: wordEnds },
  { rule: 'pypi_token', begins: /(?<![A-Za-z0-9])pypi-AgE[A-Za-z0-9_-]{20}/g, ends: wordEnds },
  { rule: 'shopify_token', begins: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/g, ends: wordEnds },
  { rule: 'sendgrid_key', begins: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16}/g, ends: wordEnds },
  { rule: 'telegram_token', begins: /(?<![A-Za-z0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{32}/g, ends: wordEnds },
  {
    rule: 'bearer_token',
    begins: /(?<![A-Za-z0-9])bearer[ \t]{1,4}(?=[A-Za-z._~+/=-]{0,60}[0-9])[A-Za-z0-9._~+/=-]{16}/gi,
    ends: /[^A-Za-z0-9._~+/=-]/g,
  },
]

export function listTokens(text: string): Span[] {
  const spans: Span[] = []
  for (const { rule, begins, ends } of formats) {
    let after = 0
    for (const match of text.matchAll(begins)) {
      if (match.index < after) continue
      after = findEnd(ends, text, match.index + match[0].length)
      spans.push({ start: match.index, end: after, rule, priority: rule === 'bearer_token' ? 30 : 50 })
    }
  }
  return [...spans, ...listJwts(text), ...listPrivateKeys(text), ...listUrlPasswords(text)]
}

/**
 * Rules of the formats that begin in a text which may be no text at all: those that a fixed beginning gives away. `startsFile`: nothing
 * stands before it; otherwise a match at its very first character is not believed.
 */
export function listTokenRules(text: string, startsFile: boolean): string[] {
  const rules: string[] = []
  for (const { rule, begins } of [...formats, { rule: 'private_key', begins: privateKeyBegins }]) {
    if (rule === 'bearer_token') continue
    for (const match of text.matchAll(begins)) {
      if (match.index === 0 && !startsFile) continue
      rules.push(rule)
      break
    }
  }
  return rules
}

/** Searched for what ends a token, not walked or matched: an expression that takes in megabytes overflows its stack. */
function findEnd(ends: RegExp, text: string, from: number): number {
  ends.lastIndex = from
  return ends.exec(text)?.index ?? text.length
}

const jwtEnds = /[^A-Za-z0-9_.-]/g

/** JSON Web Tokens (RFC 7519; signed or encrypted): looked for once in each run of their alphabet. */
function listJwts(text: string): Span[] {
  const spans: Span[] = []
  let end = 0
  for (let start = text.indexOf('eyJ'); start !== -1; start = text.indexOf('eyJ', end)) {
    end = findEnd(jwtEnds, text, start)
    const [header = '', claims = '', signature] = text.slice(start, end).split('.', 3)
    if (header.length < 10 || claims.length < 4 || signature === undefined) continue
    spans.push({ start, end, rule: 'jwt', priority: 40 })
  }
  return spans
}

const longestPrivateKey = 64 * 1024
const privateKeyBegins = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g

/** PEM blocks of private keys (RFC 7468, OpenSSH, PGP); one without an end is redacted as far as the longest key would reach. */
function listPrivateKeys(text: string): Span[] {
  const spans: Span[] = []
  let after = 0
  for (const match of text.matchAll(privateKeyBegins)) {
    if (match.index < after) continue
    const window = text.slice(match.index, match.index + longestPrivateKey)
    const end = /-----END [A-Z0-9 ]{1,80}-----|\uffff/.exec(window)
    after = match.index + (end === null ? window.length : end.index + (end[0] === barrier ? 0 : end[0].length))
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
    const window = text.slice(start, start + longestAuthority)
    const end = window.search(/[\s"'`<>/\\\uffff]/)
    const authority = end === -1 ? window : window.slice(0, end)
    const userEnd = authority.lastIndexOf('@')
    const colon = authority.indexOf(':')
    if (userEnd === -1) continue
    if (colon !== -1 && colon < userEnd) spans.push({ start: start + colon + 1, end: start + userEnd, rule: 'url_password', priority: 30 })
    else if (userEnd >= 20) spans.push({ start, end: start + userEnd, rule: 'url_password', priority: 30 })
  }
  return spans
}
