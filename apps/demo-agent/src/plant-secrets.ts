import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * A text with made-up secrets of several kinds, so that redaction has something to show. None of them opens anything. They are put
 * together here, so that no scanner finds a secret in this source, and are the same in every run.
 */
export function plantSecrets(): string {
  const letters = (seed: string, length: number): string =>
    createHash('sha512')
      .update(seed)
      .digest('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, length)
  const hex = (seed: string, length: number): string => createHash('sha512').update(seed).digest('hex').slice(0, length)
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwt = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'nobody', iat: 1_700_000_000 })}.${letters('jwt', 43)}`
  const keyBody = `apk_${hex('key id', 12)}_${hex('key', 64)}`
  const pemLines = [letters('pem 1', 64), letters('pem 2', 64), letters('pem 3', 40)]
  const entries: Array<[string, string]> = [
    ['An environment file', `DATABASE_PASSWORD=${letters('password', 24)}\nAPI_TOKEN="${letters('token', 32)}"\nLOG_LEVEL=info`],
    ['A connection string', `postgres://inventory:${letters('dsn', 18)}@db.example.com:5432/inventory`],
    [
      'Request headers',
      `Authorization: Bearer ${letters('bearer', 40)}\nCookie: session=${letters('cookie', 32)}; theme=dark\nX-Api-Key: ${letters('header', 36)}`,
    ],
    [
      'A cloud access key',
      `aws_access_key_id = AKIA${letters('aws id', 40).toUpperCase().slice(0, 16)}\naws_secret_access_key = ${letters('aws', 40)}`,
    ],
    ['A Git host token', `ghp_${letters('git', 36)}`],
    ['A payment key', `sk_live_${letters('payment', 24)}`],
    ['A chat token', `xoxb-${hex('chat', 12).replace(/\D/g, '1')}-${hex('chat 2', 12).replace(/\D/g, '2')}-${letters('chat 3', 24)}`],
    ['A model provider key', `sk-proj-${letters('model', 48)}`],
    ['A JSON web token', jwt],
    ['An executor key of this console (its checksum is right, no server knows it)', `${keyBody}_${crc32(keyBody).toString(16).padStart(8, '0')}`],
    ['A private key', [`-----BEGIN ${'PRIVATE'} KEY-----`, ...pemLines, `-----END ${'PRIVATE'} KEY-----`].join('\n')],
    ['JSON', JSON.stringify({ user: 'inventory', client_secret: letters('json', 30), retries: 3 }, null, 2)],
    ['A person', 'jane.doe@example.com, +1 202 555 0143, card 4111 1111 1111 1111'],
  ]
  const head = 'Every secret in this file is made up. The console should show none of them, and say which rule took each.\n'
  const tail = '\nNot secrets, and to be left alone: 1700000000000, 3f2504e0-4f89-41d3-9a0c-0305e82c3301, v26.10.0, 127.0.0.1:4601\n'
  return head + entries.map(([title, text]) => `\n# ${title}\n${text}\n`).join('') + tail
}
