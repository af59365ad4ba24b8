import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findPython } from '../test/find-python.ts'

const pathTo = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
export const pythonVerifier = pathTo('../../docs/examples/verify_evidence.py')

export type EvidenceRequest =
  | { kind: 'receipt'; text: string; trusted_keys: readonly string[]; rotations: readonly string[]; log: readonly string[] | null }
  | {
      kind: 'log'
      text: string
      trusted_keys: readonly string[]
      keys: readonly string[]
      checkpoints: readonly string[]
      rotations: readonly string[]
    }
/** `held`: of a receipt. `seq`: of a log. */
export type PythonVerdict = { ok: boolean; reason?: string; seq?: number | null; where?: string; detail?: string; held?: string[] }

/** The second implementation, in one process of Python that answers request after request. */
export function openPythonVerifier(): { verify: (request: EvidenceRequest) => Promise<PythonVerdict>; close: () => Promise<void> } {
  const child = spawn(findPython(), [pathTo('./answer_evidence.py'), pythonVerifier], { stdio: ['pipe', 'pipe', 'pipe'] })
  const gone = once(child, 'close')
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  // Writing to a process that has died is told by the answer that does not come.
  child.stdin.on('error', () => undefined)
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    verify: async (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { done, value } = await answers.next()
      if (done === true) throw new Error(`Python ended before it answered: ${said}`)
      return JSON.parse(value) as PythonVerdict
    },
    close: async () => {
      child.stdin.end()
      await gone
    },
  }
}
