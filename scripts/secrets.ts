/** `npm run secrets`: the files that docker-compose.yml and docker-compose.prod.example.yml mount as secrets. */
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { hasCheckpointKey } from './secrets/checkpoint-secrets.ts'
import { createDeploymentSecrets } from './secrets/deployment-secrets.ts'
import { readDemoFile } from './start/demo-secrets.ts'

const help = `npm run secrets -- [--dir FOLDER] [--origin URL] [--demo]

Makes what is missing of a deployment's secrets and never overwrites one. FOLDER is ./secrets unless said otherwise.
--origin is what people type to reach the console. It gives the audit log its name, once and for all, so it is needed where there is no key of
checkpoints yet; with --demo it is http://localhost:4600 unless said otherwise.
--demo adds what only the demo has (operators with passwords, the agent's key, the shop's token); production refuses it.`

let values
try {
  values = parseArgs({
    options: {
      dir: { type: 'string' },
      origin: { type: 'string' },
      demo: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values
} catch (error) {
  console.error(`${(error as Error).message.split('. ')[0]}\n\n${help}`)
  process.exit(2)
}
if (values.help) {
  console.log(help)
  process.exit(0)
}
const folder = resolve(process.env.INIT_CWD ?? process.cwd(), values.dir ?? 'secrets')
const origin = values.origin ?? (values.demo ? 'http://localhost:4600' : null)
if (origin === null && !hasCheckpointKey(folder)) {
  console.error(`--origin is missing: ${folder} has no key of checkpoints yet, and its name would be another log’s\n\n${help}`)
  process.exit(2)
}
if (origin !== null && !/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(origin)) {
  console.error(`--origin must be an origin such as https://console.example.org, in lower case, without a path\n\n${help}`)
  process.exit(2)
}
try {
  const files = createDeploymentSecrets(folder, { demo: values.demo, consoleOrigin: origin })
  console.log(`${folder} has ${files.map((file) => basename(file)).join(', ')}.`)
  const demo = files.find((file) => basename(file) === 'demo.json')
  if (demo) for (const { name, password } of readDemoFile(demo).operators) console.log(`sign in as ${name.padEnd(8)} ${password}`)
} catch (error) {
  console.error(`The secrets cannot be made: ${(error as Error).message}`)
  process.exit(1)
}
