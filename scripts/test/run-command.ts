import { spawn } from 'node:child_process'

/** Runs a program to its end; with `show` its output is seen as it comes. A program that cannot be started ends with 127. */
export function runCommand(
  command: readonly [string, ...string[]],
  options: { cwd?: string; env?: Record<string, string>; show?: boolean; timeoutMs?: number } = {},
): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const [program, ...args] = command
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
    })
    let output = ''
    const take = (part: Buffer) => {
      output += part.toString()
      if (options.show) process.stdout.write(part)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', (error) => resolve({ status: 127, output: String(error) }))
    child.once('close', (status) => resolve({ status: status ?? 1, output }))
  })
}
