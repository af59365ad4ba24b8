import { describe, expect, it } from 'vitest'
import { normalisePath } from './normalise-path.ts'

describe('normalisePath', () => {
  const same: [path: string, normal: string, plain: boolean][] = [
    ['examples/a.py', 'examples/a.py', true],
    ['examples/deep/er/a-b_c.d.py', 'examples/deep/er/a-b_c.d.py', true],
    ['examples//a.py', 'examples/a.py', false],
    ['./examples/./a.py', 'examples/a.py', false],
    ['examples/x/../a.py', 'examples/a.py', false],
    ['examples/../src/autopack/models.py', 'src/autopack/models.py', false],
    ['examples\\..\\docs\\a.md', 'docs/a.md', false],
    ['examples\\a.py', 'examples/a.py', false],
    ['Examples/a.py', 'Examples/a.py', true],
    ['docs./a.md', 'docs/a.md', false],
    ['docs /a.md', 'docs/a.md', false],
    ['examples/a.py/', 'examples/a.py', false],
    ['ｄｏｃｓ/a.md', 'docs/a.md', false],
    ['ｄｏｃｓ／a.md', 'docs/a.md', false],
    ['examples／..／docs/a.md', 'docs/a.md', false],
    ['examples/caf\u0065\u0301.md', 'examples/caf\u00e9.md', false],
    ['еxamples/a.py', 'еxamples/a.py', false],
    ['examples/.github/a.yml', 'examples/.github/a.yml', false],
    ['examples/*', 'examples/*', false],
    ['SRC~1/a.py', 'SRC~1/a.py', false],
  ]
  it.each(same)('reads %j as %j, written plainly: %s', (path, normal, plain) => {
    expect(normalisePath(path)).toEqual({ normal, plain })
  })

  const none: [path: string, why: string][] = [
    ['', 'is empty'],
    ['.', 'names the whole repository'],
    ['examples/..', 'names the whole repository'],
    ['../a.py', 'leads out of the repository'],
    ['examples/../../a.py', 'leads out of the repository'],
    ['..\\a.py', 'leads out of the repository'],
    ['．．/a.py', 'leads out of the repository'],
    ['/etc/passwd', 'does not start at the root of the repository'],
    ['\\\\server\\share', 'does not start at the root of the repository'],
    ['C:\\a.py', 'does not start at the root of the repository'],
    ['c:a.py', 'does not start at the root of the repository'],
    ['~/a.py', 'does not start at the root of the repository'],
    ['examples/.../a.py', 'has a segment of dots and spaces'],
    ['examples/.. /a.py', 'has a segment of dots and spaces'],
    ['examples/ /a.py', 'has a segment of dots and spaces'],
    ['examples/a.py::$DATA', 'has a colon, which means more than a letter to some file systems'],
    ['.git::$INDEX_ALLOCATION/config', 'has a colon, which means more than a letter to some file systems'],
    ['examples/a：b', 'has a colon, which means more than a letter to some file systems'],
    ['GIT~1/config', 'has the short name of .git'],
    ['examples/git~12/hooks/x', 'has the short name of .git'],
    ['docs/％2e％2e/x', 'hides a dot or a slash behind a %'],
    ['docs/﹪２ｅ/x', 'hides a dot or a slash behind a %'],
    ['examples/%2e%2e/docs/a.md', 'hides a dot or a slash behind a %'],
    ['examples%2F..%2Fdocs', 'hides a dot or a slash behind a %'],
    ['examples/%252e/a.py', 'hides a dot or a slash behind a %'],
    ['examples/a\u0000.py', 'has a character that cannot be seen'],
    ['examples/\u202ea.py', 'has a character that cannot be seen'],
    ['exam\u200bples/a.py', 'has a character that cannot be seen'],
    ['examples/a\nb', 'has a character that cannot be seen'],
    ['examples/\ud800', 'has a character that cannot be seen'],
  ]
  it.each(none)('reads nothing from %j: it %s', (path, why) => {
    expect(normalisePath(path)).toEqual({ normal: null, why })
  })
})
