type Usage = { user: number; system: number }

// The pages know nothing of Node; their tests run in it.
const { process } = globalThis as unknown as { process: { threadCpuUsage: (before?: Usage) => Usage } }

/** Milliseconds that the processor worked for it. Not by the clock: other programs may want the processor too. */
export function processorMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
