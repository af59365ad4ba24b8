import { parse } from 'yaml'

export type ComposeService = {
  image?: string
  build?: { context: string; dockerfile: string; args?: Record<string, string> }
  user?: string
  command?: string[]
  entrypoint?: unknown
  environment?: Record<string, string>
  secrets?: string[]
  volumes?: string[]
  networks?: string[]
  network_mode?: string
  ports?: string[]
  profiles?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
  read_only?: boolean
  privileged?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  security_opt?: string[]
  restart?: string
  stop_grace_period?: string
  logging?: { options?: Record<string, string> }
  deploy?: { resources?: { limits?: { memory?: string; cpus?: string; pids?: number } } }
  pid?: string
  env_file?: unknown
}

export type Compose = {
  /** Volumes and networks are called after it, on the whole machine. */
  name: string
  services: Record<string, ComposeService>
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } } | null>
  volumes: Record<string, unknown>
  secrets: Record<string, { file?: string }>
}

/**
 * A compose file as compose reads it: anchors and merges resolved, `${NAME…}` replaced from `environment` (null: left as they stand).
 * The shape is dclint's business. Throws Error for what YAML or compose refuse: a key twice, a variable that must be set and is not.
 */
export function readCompose(text: string, environment: Readonly<Record<string, string | undefined>> | null): Compose {
  const parsed = parse(text, { merge: true, strict: true, uniqueKeys: true }) as Compose
  return (environment === null ? parsed : interpolateAll(parsed, environment)) as Compose
}

function interpolateAll(value: unknown, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value === 'string') return interpolate(value, environment)
  if (Array.isArray(value)) return value.map((each) => interpolateAll(each, environment))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolateAll(each, environment)]))
}

/** The forms of the Compose Specification, "Interpolation", but for nested ones, which are refused. */
export function interpolate(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^}]*))?\}|)/g, (found, dollar, plain, name, operator, word) => {
    if (dollar !== undefined) return '$'
    if (plain === undefined && name === undefined) throw new Error(`${found} in ${text} is no form that compose knows; a dollar sign is written $$`)
    if (typeof word === 'string' && word.includes('${')) throw new Error(`${text} nests variables`)
    const value = environment[(plain ?? name) as string]
    const missing = operator?.startsWith(':') ? value === undefined || value === '' : value === undefined
    if (operator?.endsWith('?') && missing) throw new Error(`${name} must be set: ${word}`)
    if (operator?.endsWith('-')) return missing ? word : value
    if (operator?.endsWith('+')) return missing ? '' : word
    return value ?? ''
  })
}
