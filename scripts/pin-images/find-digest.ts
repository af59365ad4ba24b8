import { spawnSync } from 'node:child_process'

/** The digest that a tag has at its registry now, of all platforms together. Throws Error with one line; never guesses. */
export function findDigest(image: string): string {
  const asked = spawnSync('docker', ['buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', image], { encoding: 'utf8' })
  if (asked.error) throw new Error(`docker cannot be run (${asked.error.message}): digests are asked for with docker buildx.`)
  if (asked.status !== 0) throw new Error(`${image}: ${asked.stderr.trim().split('\n').at(-1) || `docker ended with status ${asked.status}`}`)
  let digest: unknown
  try {
    ;({ digest } = JSON.parse(asked.stdout) as { digest?: unknown })
  } catch {
    digest = undefined
  }
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`${image}: docker answered without a digest.`)
  return digest
}
