import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import type { Copy } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'

export type DockerfileExpectations = {
  root: string
  isIgnored: (path: string) => boolean
  /** As the checkout has them: the image must not have others. */
  nodeVersion: string
  pnpmVersion: string
  /** The server's image has no tools in it; the other one's are left behind in its first stage. */
  productionOnly: boolean
}

/** What the linter says, and what it does not know: versions, sources, and who the image runs as. */
export function findDockerfileProblems(text: string, expected: DockerfileExpectations): string[] {
  const linted = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)
  const file = DockerfileParser.parse(text)
  const problems: string[] = []
  const must = (ok: boolean, problem: string) => void (ok || problems.push(problem))
  const args = new Map(file.getARGs().map((arg) => [arg.getProperty()?.getName(), arg.getProperty()?.getValue() ?? '']))

  for (const from of file.getFROMs()) {
    const written = from.getImage() ?? ''
    const image = /^\$\{(\w+)\}$/.exec(written) ? (args.get(written.slice(2, -1)) ?? '') : written
    must(/@sha256:[0-9a-f]{64}$/.test(image) || /:(?!latest$)[\w][\w.-]*$/.test(image), `FROM ${written}: ${image} does not name one version`)
    if (image.startsWith('node:')) must(image.startsWith(`node:${expected.nodeVersion}-`), `FROM ${written}: Node must be ${expected.nodeVersion}`)
  }

  for (const copy of file.getCOPYs()) problems.push(...findCopyProblems(copy, expected))
  const instructions = file.getInstructions()
  const last = (keyword: string) => instructions.findLast((each) => each.getKeyword() === keyword)
  const finalStage = instructions.slice(instructions.findLastIndex((each) => each.getKeyword() === 'FROM'))
  must(!last('ADD'), 'ADD fetches and unpacks; COPY says what it does')
  const user = finalStage.findLast((each) => each.getKeyword() === 'USER')?.getArgumentsContent() ?? ''
  must(/^[1-9]\d*:[1-9]\d*$/.test(user), 'the last USER must be two numbers that are not 0')
  for (const keyword of ['STOPSIGNAL', 'HEALTHCHECK', 'CMD']) {
    must(
      finalStage.some((each) => each.getKeyword() === keyword),
      `has no ${keyword}`,
    )
  }

  const runs = instructions.filter((each) => each.getKeyword() === 'RUN').map((each) => each.getArgumentsContent() ?? '')
  const installs = runs.filter((run) => /\bpnpm install\b/.test(run))
  must(installs.length === 1, 'installs the dependencies once')
  for (const run of installs) {
    for (const option of ['--frozen-lockfile', '--ignore-scripts', ...(expected.productionOnly ? ['--prod'] : [])]) {
      must(run.includes(` ${option} `), `pnpm install must have ${option}`)
    }
  }
  must(
    runs.some((run) => run.includes(`pnpm@${expected.pnpmVersion}`)),
    `pnpm must be ${expected.pnpmVersion}`,
  )
  for (const run of runs) must(!/\b(curl|wget)\b/.test(run), 'a RUN fetches something that no lockfile holds')
  for (const env of file.getENVs()) {
    for (const property of env.getProperties())
      must(!/KEY|TOKEN|SECRET|PASSWORD/.test(property.getName()), `ENV ${property.getName()} may be a secret`)
  }
  return [...linted, ...problems]
}

function findCopyProblems(copy: Copy, { root, isIgnored }: DockerfileExpectations): string[] {
  const words = copy.getArguments().map((each) => each.getValue())
  if (copy.getFlags().some((flag) => flag.getName() === 'from')) return []
  return words.slice(0, -1).flatMap((source) => {
    if (!existsSync(join(root, source))) return [`COPY ${source}: is not there`]
    return isIgnored(source) ? [`COPY ${source}: .dockerignore keeps it out`] : []
  })
}
