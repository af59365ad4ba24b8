import { execFileSync } from 'node:child_process'

/** Who to run a server as when the tests run as root: `nobody` owns nothing else. Empty for anybody else. */
export function unprivilegedUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
