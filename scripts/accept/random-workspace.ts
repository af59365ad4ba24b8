import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SeededRandom } from './seeded-random.ts'

export type RandomWorkspace = {
  folder: string
  /** In its package.json, so in the run's name and in the title of the listing. */
  name: string
  /** The first sentence of its README. */
  sentence: string
  secrets: PlantedSecret[]
}

/** A secret that was made up here, and the line in which it would stand in somebody's file. */
export type PlantedSecret = { what: string; value: string; line: string }

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A folder for the agent: names, a sentence, file contents and secrets that come from the seed and from nowhere else. */
export function writeRandomWorkspace(folder: string, random: SeededRandom): RandomWorkspace {
  const name = `${random.word()}-${random.word()}`
  const sentence = `The ${random.word()} of ${random.word()} keeps ${100 + random.below(900)} ${random.word()} lanterns for <${random.word()}> & "${random.word()}".`
  const secrets = plantSecrets(random)
  const files: Record<string, string> = {
    'README.md': `# ${random.word()}\n\n${sentence} The rest of this file is nobody's business.\n\n${secrets[0]!.line}\n`,
    'package.json': JSON.stringify({ name, license: 'MIT' }),
    '.env': `${secrets.map((secret) => secret.line).join('\n')}\n`,
    [`deploy/${random.word()}.pem`]: `${secrets.at(-1)!.line}\n`,
    [`${random.word()}/package.json`]: JSON.stringify({ name: random.word(), license: 'Apache-2.0' }),
  }
  for (let count = 0; count < 40; count += 1)
    files[`${random.word()}/${random.word()}.txt`] = random.bytes(200 + random.below(4_000)).toString('base64')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return { folder, name, sentence, secrets }
}

/** What people leave in files by mistake. */
function plantSecrets(random: SeededRandom): PlantedSecret[] {
  const hostToken = `gh${'p'}_${random.text(36, letters)}`
  const paymentKey = `sk_${'live'}_${random.text(24, letters)}`
  const password = random.text(24, letters)
  const cloudSecret = random.text(40, letters)
  const pem = [random.text(64, letters), random.text(64, letters)]
  const frame = (word: string) => `-----${word} ${'PRIVATE'} KEY-----`
  return [
    { what: 'a Git host token', value: hostToken, line: `token: ${hostToken}` },
    { what: 'a payment key', value: paymentKey, line: `curl -u ${paymentKey}:` },
    { what: 'a database password', value: password, line: `DATABASE_PASSWORD=${password}` },
    { what: 'a cloud secret', value: cloudSecret, line: `aws_secret_access_key = ${cloudSecret}` },
    { what: 'a private key', value: pem[1]!, line: [frame('BEGIN'), ...pem, frame('END')].join('\n') },
  ]
}
