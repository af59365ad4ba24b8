import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chipPattern, ChipMaker } from './chip.ts'
import { redactText } from './redact.ts'

const fingerprintKey = new Uint8Array(32).fill(7)
const redact = (text: string, knownSecrets: string[] = []) => redactText(text, { knownSecrets, fingerprintKey })
const rulesOf = (text: string, knownSecrets: string[] = []) => redact(text, knownSecrets).by_rule

// Put together here, so that no scanner of secrets takes this file for a leak.
const github = `ghp_${'a1B2'.repeat(9)}`
const aws = `AKIA${'Q7'.repeat(8)}`
const stripe = `sk_live_${'4eC39HqLyjWDarjt'}`
const anthropic = `sk-ant-${'api03-AbCdEfGhIjKlMnOpQrStUvWx'}`
const autopack = `apk_${'0123456789ab'}_${'9f'.repeat(32)}_${'deadbeef'}`
const setUpToken = `aps_${'4c'.repeat(32)}_${'deadbeef'}`
const jwt = `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0In0'}.${'dozjgNryP4J3jVmNHl0w'}`
const pem = `-----BEGIN ${'OPENSSH PRIVATE KEY'}-----\nb3BlbnNzaC1rZXk\nAAAAB3Nz\n-----END ${'OPENSSH PRIVATE KEY'}-----`

describe('known secrets', () => {
  const secret = 'p@ss/w"ö rd+42'
  const bytes = Buffer.from(secret)

  it.each<[string, string]>([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in JSON with escaped slashes', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['in JSON as Python writes it', JSON.stringify(secret).replace('ö', '\\u00f6')],
    ['in JSON inside JSON', JSON.stringify(JSON.stringify(secret))],
    ['in a URL', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ q: secret }).toString()],
    ['in a URL in small letters', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ['in hex', bytes.toString('hex')],
    ['in capital hex', bytes.toString('hex').toUpperCase()],
  ])('finds one %s', (_how, form) => {
    const { text, by_rule } = redact(`before ${form} after`, [secret])
    expect(by_rule).toEqual({ known_secret: 1 })
    expect(text).toMatch(/^before .*after$/)
  })

  it('finds one in base64 and base64url, wherever it begins and whatever follows', () => {
    for (const encoding of ['base64', 'base64url'] as const) {
      for (let before = 0; before < 6; before += 1) {
        for (let behind = 0; behind < 4; behind += 1) {
          const hidden = Buffer.concat([Buffer.alloc(before, 'x'), bytes, Buffer.alloc(behind, 'y')]).toString(encoding)
          expect(rulesOf(`data ${hidden} end`, [secret]), hidden).toEqual({ known_secret: 1 })
        }
      }
    }
  })

  it('gives the same chip to every form of one secret, and another to another secret', () => {
    const chip = (text: string) => redact(text, [secret, 'another-secret']).text
    expect(chip(bytes.toString('hex'))).toBe(chip(secret))
    expect(chip('another-secret')).not.toBe(chip(secret))
    expect(chip(secret)).toBe(new ChipMaker(fingerprintKey).toChip('known_secret', secret))
  })

  it('leaves nothing of two secrets that overlap', () => {
    expect(redact('<abcdefghi>', ['abcdef', 'defghi']).text).toMatch(/^<\[redacted[^\]]*\]>$/)
  })

  it('never leaves a known secret in the text, whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom('a', '0', ' ', '=', ':', '"', '\\', '\n', 'password', 'AKIA', '[redacted · ') })
    fc.assert(
      fc.property(around, fc.constantFrom('hunter2-hunter2', 'aaaa', 'a=a:'), around, (before, known, behind) => {
        expect(redact(before + known + behind, [known]).text).not.toContain(known)
      }),
      { numRuns: 500 },
    )
  })
})

describe('names that say what their value is', () => {
  it.each([
    ['{"password":"hunter2 and more"}', '{"password":"CHIP"}'],
    ['{"db_password": "a\\"b", "port": 5432}', '{"db_password": "CHIP", "port": 5432}'],
    ['{\\"api_key\\":\\"abc123\\",\\"n\\":1}', '{\\"api_key\\":\\"CHIP\\",\\"n\\":1}'],
    ['export API_KEY=abc123 && run', 'export API_KEY=CHIP && run'],
    ["SECRET='a b c'", "SECRET='CHIP'"],
    ['client_secret: two words here', 'client_secret: two words here'],
    ['client_secret: f00dcafe12', 'client_secret: CHIP'],
    ['  password: my long pass phrase # really\nnext: 1', '  password: CHIP\nnext: 1'],
    ['https://x.example/cb?access_token=abc.def-1&state=2', 'https://x.example/cb?access_token=CHIP&state=2'],
    ['https://s3.example/o?X-Amz-Signature=9f9f9f9f&x=1', 'https://s3.example/o?X-Amz-Signature=CHIP&x=1'],
    ['authToken => "abcdef"', 'authToken => "CHIP"'],
    ['PASSWORD_1=abcdef', 'PASSWORD_1=CHIP'],
  ])('redacts %j', (text, expected) => {
    expect(redact(text).text.replace(chipPattern, 'CHIP')).toBe(expected)
  })

  it.each([
    ['Authorization: Bearer abc\r\nHost: x', 'Authorization: CHIP\r\nHost: x', 'authorization'],
    ['PROXY-AUTHORIZATION : Basic dTpw', 'PROXY-AUTHORIZATION : CHIP', 'authorization'],
    ["curl -H 'authorization: Digest x=1' https://x", "curl -H 'authorization: CHIP' https://x", 'authorization'],
    ['"Authorization: Basic dTpw\\r\\nHost: x"', '"Authorization: CHIP\\r\\nHost: x"', 'authorization'],
    ['["Authorization", "Basic dTpw"]', '["Authorization", "CHIP"]', 'authorization'],
    ['{"name": "Cookie",\n   "value": "sid=1; b=2"}', '{"name": "Cookie",\n   "value": "CHIP"}', 'cookie'],
    ['set-cookie: sid=abc; HttpOnly', 'set-cookie: CHIP', 'cookie'],
    ['X-Api-Key: abc', 'X-Api-Key: CHIP', 'api_key_header'],
    ['x-shopify-access-token: abc', 'x-shopify-access-token: CHIP', 'api_key_header'],
    ['X-Vault-Token=abc', 'X-Vault-Token=CHIP', 'api_key_header'],
  ])('redacts the header in %j', (text, expected, rule) => {
    const { text: shown, by_rule } = redact(text)
    expect(shown.replace(chipPattern, 'CHIP')).toBe(expected)
    expect(by_rule).toEqual({ [rule]: 1 })
  })

  it.each([
    ['postgres://app:s3cr3t:x@db:5432/app', 'postgres://app:CHIP@db:5432/app'],
    ['redis://:hunter2@cache/0', 'redis://:CHIP@cache/0'],
    ['mongodb+srv://u:p%40ss@h.example', 'mongodb+srv://u:CHIP@h.example'],
    ['https://u:p@ss@h.example/x', 'https://u:CHIP@h.example/x'],
    [`https://${'t'.repeat(30)}@git.example/r`, 'https://CHIP@git.example/r'],
  ])('redacts the password in %j', (text, expected) => {
    expect(redact(text).text.replace(chipPattern, 'CHIP')).toBe(expected)
  })

  it('redacts a long value to its end', () => {
    expect(redact(`PASSWORD=${'ab1'.repeat(100_000)} end`).text).toMatch(/^PASSWORD=\[redacted[^\]]*\] end$/)
    expect(redact(`${github}${'x'.repeat(100_000)} end`).text).toMatch(/^\[redacted[^\]]*\] end$/)
  })
})

describe('tokens of known form', () => {
  it.each([
    [github, 'github_token'],
    [`github_pat_${'a1'.repeat(11)}_${'b2'.repeat(20)}`, 'github_token'],
    [`glpat-${'aB3-'.repeat(5)}`, 'gitlab_token'],
    [aws, 'aws_access_key'],
    [stripe, 'stripe_key'],
    [`xoxb-${'1234567890-abcdef'}`, 'slack_token'],
    [`hooks.slack.com/services/${'T00000000/B00000000/XXXXXXXX'}`, 'slack_webhook'],
    [anthropic, 'model_provider_key'],
    [`sk-proj-${'a1'.repeat(20)}`, 'model_provider_key'],
    [`AIza${'Sy-a1'.repeat(7)}`, 'google_key'],
    [`npm_${'a1'.repeat(18)}`, 'npm_token'],
    [`shpat_${'0a'.repeat(16)}`, 'shopify_token'],
    [`123456789:AA${'b-'.repeat(16)}`, 'telegram_token'],
    [autopack, 'autopack_key'],
    [setUpToken, 'autopack_key'],
    [`http://localhost:4600/setup#token=${setUpToken}`, 'autopack_key'],
    [jwt, 'jwt'],
    [pem, 'private_key'],
    [pem.replaceAll('\n', '\\n'), 'private_key'],
    [pem.slice(0, 60), 'private_key'],
    [`Bearer ${'abc1'.repeat(5)}`, 'bearer_token'],
  ])('finds %s as %s, alone, in quotes and behind an equals sign', (token, rule) => {
    for (const text of [token, `"${token}"`, `x=${token}`]) {
      const { text: shown, by_rule } = redact(text)
      expect(by_rule).toEqual({ [rule]: 1 })
      expect(shown).not.toContain(token.slice(-8))
    }
  })

  it('is named by the more telling rule where two of them see the same value, and keeps its fingerprint', () => {
    expect(redact(`Authorization: Bearer ${github}`).by_rule).toEqual({ github_token: 1 })
    expect(redact(`Authorization: Bearer ${github}`).text).toContain(redact(github).text)
    expect(redact(`TOKEN=${github}`).text).toBe(`TOKEN=${redact(github).text}`)
  })

  it.each([
    '550e8400-e29b-41d4-a716-446655440000',
    'act_550e8400-e29b-41d4-a716-446655440000 claimed by exe_12',
    `sha256:${'9f86d081884c7d65'.repeat(4)}`,
    `commit ${'da39a3ee5e6b4b0d3255bfef95601890afd80709'}`,
    '1763818328123 1763818328 2026-11-22T13:32:08.123Z',
    'node 26.10.0, v1.2.3-rc.1+build.5, pnpm@12.21.0',
    'max_tokens: 4096, total_tokens=1200, {"input_tokens": 15}',
    '{"token": 12, "secret": null, "password": "", "pwd": "***"}',
    'SyntaxError: Unexpected token: punc (})',
    'password_file: /run/secrets/db',
    'The secretary kept the keyboard, and the passwordless sign-in: fine',
    'const token = readToken(request); const secret = process.env.SECRET',
    'interface Login {\n  password: string;\n}',
    'PASSWORD=${DB_PASSWORD} TOKEN=$TOKEN',
    'Basic authentication is off; bearer of good news, cookies are sweet',
    'http://localhost:3000/@vite/client https://packages.example/@scope/pkg user@example.com',
    'https://user@example.com/path',
    'sk-fading-circle-container-of-spinners and apk_release_signed_build_of_android',
    `apk_${'0123456789ab'}`,
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '[REDACTED] by somebody else',
    'ERROR \ud800 half',
  ])('leaves %j alone', (text) => {
    expect(redact(text)).toEqual({ text, count: 0, by_rule: {}, withheld: false })
  })
})

describe('chips', () => {
  it('look the same on every machine, and differ with the key', () => {
    expect(redact(github).text).toMatch(/^\[redacted · github_token · #[0-9a-f]{8}\]$/)
    expect(redact(github).text).toBe('[redacted · github_token · #' + redact(`x ${github}`).text.slice(-9))
    expect(redactText(github, { fingerprintKey: new Uint8Array(32).fill(8) }).text).not.toBe(redact(github).text)
  })

  it('cannot be imitated: a text that looks like one is told apart', () => {
    for (const text of ['[redacted · api_key · #a41c]', '[redacted · github_token · #a41c7e05]', '[ REDACTED•x]', '[redacted·']) {
      const redacted = redact(text)
      expect(redacted.text).toMatch(/^\[not /)
      expect(redacted.count).toBe(0)
    }
  })

  it('are counted by rule, and stay counted when a text is redacted again', () => {
    const once = redact(`${github} ${aws} ${github}`)
    expect(once).toMatchObject({ count: 3, by_rule: { github_token: 2, aws_access_key: 1 } })
    expect(redact(once.text)).toEqual(once)
  })
})

describe('redactText', () => {
  const secrets = [github, aws, stripe, jwt, autopack, pem, 'hunter2-hunter2', '[redacted · x · #a41c]', redact(github).text]
  const context = [
    'password',
    'token',
    'Authorization',
    'Cookie',
    '"value"',
    '://',
    '@',
    'a',
    '7',
    '=',
    ':',
    ',',
    '"',
    "'",
    '\\',
    '\n',
    ' ',
    '[',
    ']',
    'é',
    '\ud800',
    '🐀',
    '\uffff',
  ]
  const pieces = [...secrets, ...context]
  const anyText = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 25 }).map((list) => list.join(''))

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = redact(text, ['hunter2-hunter2'])
        expect(once.withheld).toBe(false)
        expect(redact(once.text, ['hunter2-hunter2'])).toEqual(once)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes any character there is, and replaces the one that it needs itself', () => {
    for (const text of ['🐀 𐀀 😀 é ·', '\udc00 half \ud800', '\ufffe\u0000\u2028']) expect(redact(text)).toMatchObject({ text, count: 0 })
    expect(redact(`"password":"abc🐀d\uffffef"`).text).toMatch(/^"password":"\[redacted[^\]]*\]"$/)
    expect(redact(`a\uffffb ${github}`)).toMatchObject({ text: `a\ufffdb ${redact(github).text}`, count: 1 })
  })

  it('withholds the text when it cannot redact it', () => {
    expect(redactText('harmless', { fingerprintKey: new Uint8Array(3) })).toEqual({ text: '', count: 0, by_rule: {}, withheld: true })
    expect(redactText('harmless', { fingerprintKey, knownSecrets: [undefined as unknown as string] })).toMatchObject({ text: '', withheld: true })
  })

  it('takes one word of eight megabytes, such as a file in base64', () => {
    for (const piece of ['a', 'deadbeef', 'eyJ.', 'aB3/+x'])
      expect(redact(`${piece.repeat(8_000_000 / piece.length)} ${github}`).by_rule, piece).toEqual({ github_token: 1 })
  })

  it('redacts a text packed with secrets, and withholds one with more of them than any log holds', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, line) => `pwd=${line.toString(36)}aa`).join(' ')
    expect(redact(lines(50_000)).count).toBe(50_000)
    expect(redact(lines(500_001))).toEqual({ text: '', count: 0, by_rule: {}, withheld: true })
  })

  // A rule that reads the rest of the text for each of its matches would need 10^11 steps here and run into the time limit of the test.
  it.each([
    'password=',
    'password: ',
    'password="',
    'password=\'password="',
    'password=\\"',
    'token:',
    'token:a',
    'Authorization:',
    'Authorization","value":',
    'x-a-a-a-a-',
    'Cookie, "value"',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN A A A A ',
    'eyJ',
    'eyJ.',
    'eyJ-',
    'eyJabcdefgh.',
    '://',
    '://a:',
    '://a@',
    '://a:b@',
    'bearer ',
    'ghp_',
    github,
    'sk-',
    'sk-a1',
    'SG.',
    '[redacted ·',
    '[redacted · a',
    '[ ',
    ' ',
    '\\',
    'hunter2',
    'hunter2-hunter2',
  ])('is done with a megabyte of %j', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    expect(redact(text, ['hunter2-hunter2']).withheld).toBe(false)
  })
})
