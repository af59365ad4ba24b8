import { describe, expect, it } from 'vitest'
import { governancePolicy } from './governance-policy.ts'
import { judgePaths, toRiskLevel } from './judge-paths.ts'

const judge = (paths: string[], changedLines: number | null = 10) => judgePaths(paths, changedLines, governancePolicy)

describe('one path', () => {
  const rows: [path: string, verdict: string][] = [
    ['examples/a.py', 'automatic'],
    ['scripts/deep/run.sh', 'automatic'],
    ['docs/a.md', 'people'],
    ['tests/test_a.py', 'people'],
    ['config/a.json', 'people'],
    ['.github/workflows/ci.yml', 'people'],
    ['src/autopack/models.py', 'people'],
    ['DOCS/a.md', 'people'],
    ['Src/AutoPack/models.py', 'people'],
    ['docs', 'people'],
    ['src/other/a.py', 'people'],
    ['README.md', 'people'],
    ['examples', 'people'],
    ['Examples/a.py', 'people'],
    ['examples/../examples/a.py', 'people'],
    ['examples/link/../../docs/a.md', 'people'],
    ['examples/.env', 'people'],
    ['examples/café.md', 'people'],
    ['examplesx/a.py', 'people'],
    ['.git/hooks/pre-commit', 'denied'],
    ['examples/.GIT/config', 'denied'],
    ['../examples/a.py', 'denied'],
    ['docs/％2e％2e/x', 'denied'],
    ['examples/.git::$INDEX_ALLOCATION/config', 'denied'],
    ['examples/GIT~1/config', 'denied'],
    ['/examples/a.py', 'denied'],
    ['exam\u200bples/a.py', 'denied'],
  ]
  it.each(rows)('%j is %s', (path, verdict) => expect(judge([path]).paths[0]).toMatchObject({ path, verdict }))
})

describe('the answer', () => {
  const many = Array.from({ length: 21 }, (_, place) => `examples/${place}.py`)
  const rows: [words: string, paths: string[], changedLines: number | null, answer: string][] = [
    ['examples only, few lines', ['examples/a.py', 'examples/b.py'], 10, 'approve'],
    ['a script', ['scripts/a.sh'], 10, 'approve'],
    ['one path that needs a person', ['examples/a.py', 'docs/a.md'], 10, 'ask'],
    ['one denied path', ['examples/a.py', '../b.py'], 10, 'deny'],
    ['a denied path beside one that needs a person', ['docs/a.md', '/etc/passwd'], 10, 'deny'],
    ['more files than it does alone', many, 10, 'ask'],
    ['more lines than it does alone', ['examples/a.py'], 201, 'ask'],
    ['the most lines it does alone', ['examples/a.py'], 200, 'approve'],
    ['lines that nobody counted', ['examples/a.py'], null, 'ask'],
    ['a risk over what it does alone', ['scripts/a.sh', ...many.slice(0, 15)], 150, 'ask'],
  ]
  it.each(rows)('to %s', (_, paths, changedLines, answer) => expect(judge(paths, changedLines).answer).toBe(answer))

  it('is no approval where the policy approves nothing by itself', () => {
    const policy = { ...governancePolicy, automatic: { ...governancePolicy.automatic, enabled: false } }
    expect(judgePaths(['examples/a.py'], 1, policy)).toMatchObject({ answer: 'ask', reason: 'The policy approves nothing by itself.' })
  })
})

describe('the risk', () => {
  it('is that of the riskiest path, with what many files and lines add, and says so', () => {
    expect(judge(['examples/a.py', 'config/a.json'], 1_001)).toMatchObject({
      risk: { score: 75, level: 'critical' },
      risk_contributions: [{ points: 60 }, { label: 'changes 1001 lines', points: 15 }],
    })
    expect(judge(['examples/a.py'], null).risk).toEqual({ score: 10, level: 'low' })
    expect(judge(['../a.py'], 5_000).risk).toEqual({ score: 100, level: 'critical' })
  })

  it('has levels that begin at their thresholds', () => {
    expect([24, 25, 49, 50, 74, 75].map((score) => toRiskLevel(score, governancePolicy))).toEqual([
      'low',
      'medium',
      'medium',
      'high',
      'high',
      'critical',
    ])
  })
})
