/**
 * The checks that are not test suites. Each one names a violation that it must find: `planted.test` puts that file into
 * a copy of the project and expects the same command to fail there, because a gate that cannot fail checks nothing.
 */
import { deploymentGates } from './deployment/deployment-gates.ts'

export type Gate = {
  name: string
  command: readonly [string, ...string[]]
  /** How to mend it, printed when the gate fails. */
  fix: string
  planted: readonly PlantedViolation[]
}

export type PlantedViolation = {
  what: string
  /** Path → content; replaces a file that exists. */
  files: Readonly<Record<string, string>>
  /** Something the gate's output must hold, so that it fails for the right reason. */
  expect: string
}

const boundary = (what: string, file: string, line: string): PlantedViolation => ({
  what,
  files: { [file]: `${line}\n` },
  expect: 'no-restricted-imports',
})

export const gates: readonly Gate[] = [
  {
    name: 'format',
    command: ['oxfmt', '--check', '.'],
    fix: 'npm run format',
    planted: [
      { what: 'a file in another style', files: { 'packages/contract/src/planted.ts': 'export const a   = {b:1};;\n' }, expect: 'planted.ts' },
    ],
  },
  {
    name: 'lint and dependency rule',
    command: ['oxlint', '--deny-warnings', '.'],
    fix: 'oxlint --fix, or move the import to where the rule wants it',
    planted: [
      {
        what: 'a debugger statement',
        files: { 'packages/contract/src/planted.ts': 'export function stop() {\n  debugger\n}\n' },
        expect: 'no-debugger',
      },
      { what: 'a name that is not kebab-case', files: { 'packages/contract/src/PlantedName.ts': 'export const a = 1\n' }, expect: 'filename-case' },
      boundary('the contract imports more than zod/mini', 'packages/contract/src/planted.ts', "export { z as a } from 'zod'\nimport 'zod'"),
      boundary('approval-proof does I/O', 'packages/approval-proof/src/planted.ts', "import 'node:fs'"),
      boundary('redaction does I/O', 'packages/redaction/src/planted.ts', "import 'node:fs'"),
      boundary('the verifier imports our code', 'packages/verifier/src/planted.ts', "import '@autopack/approval-proof/seal'"),
      boundary('a package imports an app', 'packages/server-kit/src/planted.ts', "import '../../../apps/bff/src/server.ts'"),
      boundary('an app imports an app', 'apps/bff/src/planted.ts', "import '../../control-plane/src/server.ts'"),
      boundary('a feature imports a feature', 'apps/control-plane/src/features/runs/planted.ts', "import '../artifacts/artifact-rows.ts'"),
      boundary('a page imports another feature', 'apps/web/src/features/runs/planted.ts', "import '../approvals/decide-mutation.ts'"),
      boundary('what features stand on imports a feature', 'apps/control-plane/src/shared/planted.ts', "import '../features/runs/start-run.ts'"),
      boundary('the ledger imports a feature', 'apps/control-plane/src/ledger/planted.ts', "import '../features/runs/start-run.ts'"),
      boundary('SQL outside rows', 'apps/control-plane/src/features/runs/planted.ts', "import 'drizzle-orm'"),
      boundary('Hono outside routes', 'apps/control-plane/src/features/runs/planted.ts', "import 'hono'"),
      boundary('React in a query', 'apps/web/src/features/runs/planted-queries.ts', "import 'react'"),
      boundary('the acceptance imports our code', 'scripts/accept/planted.ts', "import '@autopack/contract/route'"),
      boundary(
        'a link that brings the whole router',
        'apps/web/src/features/runs/planted.ts',
        "import { Link } from 'react-router'\nexport const a = Link",
      ),
      boundary('Node in the browser', 'apps/web/src/features/runs/planted.ts', "import 'node:fs'"),
    ],
  },
  {
    name: 'names and re-exports',
    command: ['node', 'scripts/test/check-layout.ts'],
    fix: 'name the file after the one thing it exports; import the file that has the thing',
    planted: [
      { what: 'a file name that says nothing', files: { 'packages/contract/src/utils.ts': 'export const a = 1\n' }, expect: 'utils.ts' },
      { what: 'a barrel', files: { 'packages/contract/src/planted.ts': "export * from './route.ts'\n" }, expect: 'planted.ts' },
      {
        what: 'a registry in a committed file',
        files: { 'packages/contract/src/planted.ts': `// https://${'registry'}.npmjs.org/a\n` },
        expect: 'planted.ts',
      },
    ],
  },
  {
    name: 'types of servers, packages and scripts',
    command: ['tsc', '-p', 'tsconfig.json'],
    fix: 'mend the type',
    planted: [{ what: 'a wrong type', files: { 'packages/contract/src/planted.ts': "export const a: number = 'a'\n" }, expect: 'planted.ts' }],
  },
  {
    name: 'types of the pages',
    command: ['tsc', '-p', 'apps/web/tsconfig.json'],
    fix: 'mend the type',
    planted: [{ what: 'a wrong type', files: { 'apps/web/src/planted.tsx': "export const a: number = 'a'\n" }, expect: 'planted.tsx' }],
  },
  {
    name: 'types of the verifier’s page',
    command: ['tsc', '-p', 'packages/verifier/page/tsconfig.json'],
    fix: 'mend the type',
    planted: [{ what: 'a wrong type', files: { 'packages/verifier/page/planted.ts': "export const a: number = 'a'\n" }, expect: 'planted.ts' }],
  },
  {
    name: 'unused code and dependencies',
    command: ['knip', '--no-progress', '--treat-config-hints-as-errors'],
    fix: 'delete what nobody uses',
    planted: [{ what: 'a file nobody imports', files: { 'apps/bff/src/shared/planted.ts': 'export const a = 1\n' }, expect: 'planted.ts' }],
  },
  {
    name: 'generated documents are current',
    command: ['node', 'scripts/generate.ts', '--check'],
    fix: 'npm run generate',
    planted: [
      {
        what: 'a generated document that was edited by hand',
        files: { 'docs/CANONICAL_API_CONTRACT.md': '# edited\n' },
        expect: 'CANONICAL_API_CONTRACT.md',
      },
    ],
  },
  {
    name: 'configuration of nginx',
    command: ['node', 'scripts/test/check-nginx.ts'],
    fix: 'mend what nginx says; headers belong in deploy/nginx/security-headers.conf and deploy/nginx/to-bff.conf',
    planted: [
      { what: 'a directive that nginx does not know', files: { 'deploy/nginx/errors.conf': 'error_pages 404 /404.html;\n' }, expect: 'error_pages' },
      {
        what: 'a header in a block, which cancels all others there',
        files: { 'deploy/nginx/front.conf': 'map $scheme $public_scheme { default $scheme; }\nadd_header X-Planted 1;\n' },
        expect: 'add_header would cancel',
      },
    ],
  },
  ...deploymentGates,
]
