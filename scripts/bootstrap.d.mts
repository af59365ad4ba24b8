export function findMachineProblem(platform: string, arch: string, version: string): string | null
export function withoutNpmVariables(environment: Record<string, string | undefined>): Record<string, string | undefined>
export function hashManifests(folder: string): string
