import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readEnvironment } from '@autopack/server-kit/environment'
import type { Variable } from '@autopack/server-kit/environment'
import { processEntries } from '../process-entries.ts'
import { readCompose } from './read-compose.ts'
import type { Compose, ComposeService } from './read-compose.ts'

export type ComposeExpectations = {
  /** Of the checkout. */
  root: string
  production: boolean
  /** Stands for what compose would ask a person for. */
  environment: Readonly<Record<string, string>>
  /** What the command for secrets makes, and what a person puts beside it. */
  secretFiles: ReadonlySet<string>
}

/** What no linter knows about our compose files: that they agree with what the processes read, and that nothing is opened by accident. */
export function findComposeProblems(text: string, expected: ComposeExpectations): string[] {
  const raw = readCompose(text, null)
  const compose = readCompose(text, expected.environment)
  const problems = Object.entries(compose.services).flatMap(([name, service]) =>
    [
      ...findImageProblems(raw.services[name]!, expected),
      ...findHardeningProblems(name, service, compose, expected),
      ...findSecretProblems(service, compose),
      ...findProcessProblems(name, service, compose, expected),
      ...findMountProblems(service, compose, expected),
    ].map((problem) => `${name}: ${problem}`),
  )
  return [...problems, ...findBuildProblems(compose), ...findSecretFileProblems(compose, expected)]
}

/** Builders that export one tag side by side fail where the tag is not there yet: on the first start of all. */
function findBuildProblems({ services }: Compose): string[] {
  const builders = Map.groupBy(
    Object.entries(services).filter(([, { build }]) => build !== undefined),
    ([, { image }]) => image,
  )
  return [...builders].flatMap(([image, found]) =>
    found.length > 1 ? [`${image} is built by ${found.map(([name]) => name).join(', ')}; one service builds it, the others name it`] : [],
  )
}

/** A digest, or a variable that has none unless a person says it; while developing, a tag that names one version. */
function findImageProblems({ image }: ComposeService, { production }: ComposeExpectations): string[] {
  if (image === undefined) return ['has no image']
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return []
  if (/^\$\{[A-Z_]+:\?[^}]*@sha256:[^}]*\}$/.test(image)) return []
  if (production) return [`the image ${image} is neither a digest nor \${NAME:?name@sha256:…}`]
  const reference = /^\$\{[A-Z_]+:-([^}]+)\}$/.exec(image)?.[1] ?? image
  const tag = /:([\w][\w.-]*)$/.exec(reference)?.[1]
  return tag === undefined || tag === 'latest' ? [`the image ${image} does not name one version`] : []
}

function findHardeningProblems(name: string, service: ComposeService, compose: Compose, { production }: ComposeExpectations): string[] {
  const problems: string[] = []
  const must = (ok: boolean, problem: string) => void (ok || problems.push(problem))
  must(/^[1-9]\d*:[1-9]\d*$/.test(service.user ?? ''), 'user must be two numbers that are not 0')
  must(service.read_only === true, 'read_only must be true')
  must(service.cap_drop?.includes('ALL') === true && !service.cap_add?.length, 'cap_drop must be ALL, and nothing added')
  must(service.security_opt?.includes('no-new-privileges:true') === true, 'security_opt must have no-new-privileges:true')
  must(!service.privileged && service.pid === undefined && service.network_mode !== 'host', 'must not share what belongs to the host')
  must(service.env_file === undefined, 'an env_file would hide what the process is given')
  must(service.healthcheck !== undefined, 'has no healthcheck')
  const runsOnce = Object.values(compose.services).some(({ depends_on }) => depends_on?.[name]?.condition === 'service_completed_successfully')
  must(service.restart === (runsOnce ? 'no' : 'unless-stopped'), `restart must be ${runsOnce ? "'no': others wait for its end" : 'unless-stopped'}`)
  for (const other of Object.keys(service.depends_on ?? {})) must(other in compose.services, `depends on ${other}, which is no service`)
  for (const port of service.ports ?? []) {
    if (production) must(name === 'frontend', `opens ${port}; only the frontend is reachable from outside`)
    else must(port.startsWith('127.0.0.1:'), `opens ${port} to other machines`)
  }
  if (!production) return problems
  must(service.deploy?.resources?.limits?.memory !== undefined, 'has no limit of memory')
  must(service.deploy?.resources?.limits?.pids !== undefined, 'has no limit of processes')
  must(service.logging?.options?.['max-size'] !== undefined && service.logging.options['max-file'] !== undefined, 'its log grows without end')
  for (const network of service.networks ?? []) {
    must(name === 'frontend' || compose.networks[network]?.internal === true, `the network ${network} leads out; it must be internal`)
  }
  return problems
}

/** Each mounted secret is read through one variable, and each variable that names one finds it. */
function findSecretProblems(service: ComposeService, compose: Compose): string[] {
  const mounted = service.secrets ?? []
  const named = Object.entries(service.environment ?? {}).flatMap(([variable, value]) => {
    const secret = /^\/run\/secrets\/(.+)$/.exec(value)?.[1]
    return secret === undefined ? [] : [{ variable, secret }]
  })
  // nginx reads its certificate where its configuration says; that file is compared with the one of the image's build.
  const readByName = new Set(['tls_certificate', 'tls_certificate_key'])
  return [
    ...mounted.filter((secret) => !(secret in compose.secrets)).map((secret) => `the secret ${secret} is not defined`),
    ...mounted
      .filter((secret) => !readByName.has(secret) && !named.some((each) => each.secret === secret))
      .map((secret) => `the secret ${secret} is mounted, and no *_FILE names it`),
    ...named.filter(({ secret }) => !mounted.includes(secret)).map(({ variable }) => `${variable} names a secret that is not mounted`),
    ...named.filter(({ variable }) => !variable.endsWith('_FILE')).map(({ variable }) => `${variable} names a secret's file and is no *_FILE`),
  ]
}

/** Of the services that run our processes: every variable is one that the process reads, and is well said. */
function findProcessProblems(name: string, service: ComposeService, compose: Compose, { production }: ComposeExpectations): string[] {
  const entry = service.command?.[0] ?? ''
  const found = Object.values(processEntries).find((each) => each.entry === entry)
  if (!found) return /^(frontend|postgres)$/.test(name) ? [] : [`the command ${entry} is none of our processes`]
  const variables = Object.values(found.variables)
  const byName = new Map<string, Variable<unknown>>(variables.map((variable) => [variable.name, variable]))
  const families = variables.flatMap(({ family }) => (family === undefined ? [] : [family.prefix]))
  const environment = service.environment ?? {}
  const problems: string[] = []
  for (const [variable, value] of Object.entries(environment)) {
    if (typeof value !== 'string') problems.push(`${variable} must be in quotes, or YAML makes something else of it`)
    const secret = byName.get(variable.replace(/_FILE$/, ''))
    if (variable.endsWith('_FILE') && secret?.kind === 'secret') continue
    if (!byName.has(variable) && !families.some((prefix) => variable.startsWith(prefix)))
      problems.push(`${variable} is nothing that this process reads`)
    else if (byName.get(variable)?.kind === 'secret') problems.push(`${variable} is a secret; it must come from ${variable}_FILE`)
  }
  const plain = Object.fromEntries(variables.flatMap((variable) => (variable.kind === 'secret' ? [] : [[variable.name, variable]])))
  const reading = readEnvironment(plain, environment)
  if (!reading.ok) problems.push(...reading.problems)
  if (environment['AUTOPACK_REQUIRE_SECRET_FILES'] !== '1') problems.push('AUTOPACK_REQUIRE_SECRET_FILES must be 1')
  if (byName.has('AUTOPACK_TRUSTED_PROXIES')) problems.push(...findProxyProblems(environment['AUTOPACK_TRUSTED_PROXIES'], service, compose))
  if (production) problems.push(...findProductionProblems(environment, byName))
  return problems
}

/** The proxy that is believed is the one that is there. */
function findProxyProblems(trusted: string | undefined, service: ComposeService, compose: Compose): string[] {
  const shared = (service.networks ?? []).filter((network) => compose.services['frontend']?.networks?.includes(network))
  const subnets = shared.flatMap((network) => compose.networks[network]?.ipam?.config.map(({ subnet }) => subnet) ?? [])
  return subnets.length === 1 && trusted === subnets[0] ? [] : ['AUTOPACK_TRUSTED_PROXIES must be the subnet of the one network shared with nginx']
}

/** Everything is off until somebody turns it on. */
function findProductionProblems(environment: Readonly<Record<string, string>>, byName: ReadonlyMap<string, unknown>): string[] {
  const problems: string[] = []
  const must = (variable: string, value: string) => {
    if (byName.has(variable) && environment[variable] !== value) problems.push(`${variable} must be ${value} in the example for production`)
  }
  must('AUTOPACK_ENV', 'production')
  for (const variable of byName.keys()) if (variable.startsWith('AUTOPACK_ENABLE_')) must(variable, '0')
  must('AUTOPACK_EXTERNAL_ACTIONS_ENABLED', '0')
  must('AUTOPACK_SIDE_EFFECTS_DRY_RUN', '1')
  must('AUTOPACK_MAX_ACTIONS_PER_DAY', '0')
  must('AUTOPACK_MAX_DAILY_SPEND_USD', '0')
  if (Object.keys(environment).some((variable) => variable.startsWith('AUTOPACK_DEMO'))) problems.push('demo data is not for production')
  return problems
}

function findMountProblems(service: ComposeService, compose: Compose, { root }: ComposeExpectations): string[] {
  return (service.volumes ?? []).flatMap((volume) => {
    const [source = '', , mode] = volume.split(':')
    if (!/^[./~]/.test(source)) return source in compose.volumes ? [] : [`the volume ${source} is not defined`]
    if (!source.startsWith('./')) return [`mounts ${source} of the host`]
    return [
      ...(existsSync(join(root, source)) ? [] : [`mounts ${source}, which is not there`]),
      ...(mode === 'ro' ? [] : [`mounts ${source} for writing`]),
    ]
  })
}

function findSecretFileProblems(compose: Compose, { secretFiles, environment }: ComposeExpectations): string[] {
  const used = new Set(Object.values(compose.services).flatMap(({ secrets }) => secrets ?? []))
  const folder = `${environment['AUTOPACK_SECRETS_DIR'] ?? './secrets'}/`
  return Object.entries(compose.secrets).flatMap(([name, { file }]) => [
    ...(used.has(name) ? [] : [`the secret ${name} is mounted by no service`]),
    ...(file?.startsWith(folder) && secretFiles.has(file.slice(folder.length))
      ? []
      : [`the secret ${name} comes from no file that npm run secrets makes`]),
  ])
}
