import type { Settings } from '../../environment.ts'

/** The secrets that this process holds itself and that must not be shown, whatever file they turn up in. */
export function listHeldSecrets(settings: Pick<Settings, 'instanceKey' | 'databaseUrl' | 'demo'>): string[] {
  const held = [
    settings.instanceKey,
    settings.databaseUrl,
    settings.databaseUrl && passwordOf(settings.databaseUrl),
    ...(settings.demo?.operators.map((operator) => operator.password) ?? []),
    ...(settings.demo?.executors.map((executor) => executor.key) ?? []),
  ]
  // Shorter ones would cut holes into ordinary words.
  return [...new Set(held.filter((secret): secret is string => typeof secret === 'string' && secret.length >= 6))]
}

function passwordOf(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url).password)
  } catch {
    return null
  }
}
