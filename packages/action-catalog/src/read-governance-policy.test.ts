import { describe, expect, expectTypeOf, it } from 'vitest'
import type * as z from 'zod/mini'
import { governanceFile, governancePolicy } from './governance-policy.ts'
import type { GovernancePolicy, governancePolicySchema } from './governance-policy-schema.ts'
import { readGovernancePolicy } from './read-governance-policy.ts'

function problemsAfter(change: (policy: GovernancePolicy) => void): string[] {
  const policy = structuredClone(governancePolicy)
  change(policy)
  const read = readGovernancePolicy('config/governance.json', policy)
  return read.ok ? [] : read.problems.map(({ file, path, reason }) => `${file} ${path}: ${reason}`)
}

describe('the policy', () => {
  it('that is shipped holds', () => {
    expect(readGovernancePolicy(governanceFile.file, governanceFile.value)).toEqual({ ok: true, policy: governancePolicy })
    expectTypeOf<z.infer<typeof governancePolicySchema>>().toEqualTypeOf<GovernancePolicy>()
  })

  const wrongs: [words: string, change: (policy: GovernancePolicy) => void, problem: string][] = [
    ['a missing member', (policy) => Reflect.deleteProperty(policy, 'version'), '/version: is missing or not of type number'],
    ['an unknown member', (policy) => Object.assign(policy.paths, { also: [] }), '/paths/also: is unknown'],
    [
      'another folder that is automatic',
      (policy) => policy.paths.automatic.push('docs/' as never),
      '/paths/automatic/2: must be examples/ or scripts/',
    ],
    ['a protected folder left out', (policy) => policy.paths.never_automatic.shift(), '/paths/never_automatic: must name docs/'],
    [
      'a folder that is both',
      (policy) => policy.paths.never_automatic.push('examples/secret/'),
      '/paths/automatic: must not hold what is never automatic: examples/secret/',
    ],
    ['levels that do not rise', (policy) => (policy.risk.levels.high = 20), '/risk/levels: must rise: medium < high < critical'],
    [
      'automatic approval of more than low risk',
      (policy) => (policy.automatic.most_risk_score = 25),
      '/automatic/most_risk_score: must be below medium: only low risk is automatic',
    ],
    ['steps that do not rise', (policy) => (policy.risk.many_lines = policy.risk.many_lines.toReversed()), '/risk/many_lines: must rise'],
    ['no time to decide', (policy) => (policy.decide_within_seconds = 0), '/decide_within_seconds: must be at least 60'],
  ]
  it.each(wrongs)('with %s is refused, with file, path and reason', (_, change, problem) => {
    expect(problemsAfter(change)).toContain(`config/governance.json ${problem}`)
  })
})
