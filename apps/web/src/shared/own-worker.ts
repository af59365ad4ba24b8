type WorkerPolicy = { createScriptURL: (address: string) => unknown }
type PolicyFactory = { createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) => WorkerPolicy }

let policy: WorkerPolicy | null | undefined

/** A worker of this build. `address`: what the bundler made of `…-worker.ts?worker&url`. Throws TypeError for anything else. */
export function startOwnWorker(address: string): Worker {
  return new Worker(toTrusted(address) as string, { type: 'module' })
}

/** The one policy that the page's headers allow, made once; browsers without Trusted Types take the address as it is. */
function toTrusted(address: string): unknown {
  policy ??= (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('autopack-worker', { createScriptURL: allowOwn }) ?? null
  return policy ? policy.createScriptURL(address) : allowOwn(address)
}

/** Nothing that somebody uploaded is served there: files of the build lie under `/assets/`, and those of a development server under `/src/`. */
export function allowOwn(address: string): string {
  if (!/^\/(?:assets|src)\/(?:[\w-]+\/)*[\w-]*-worker(?:-[\w-]+)?\.(?:js|ts\?worker_file&type=module)$/.test(address)) {
    throw new TypeError('Only a worker of this build may run.')
  }
  return address
}
