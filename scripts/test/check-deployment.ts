/** Compose files, Dockerfiles and the workflow: read by real parsers, and compared with what the processes read and the commands make. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { createDeploymentSecrets } from '../secrets/deployment-secrets.ts'
import { findComposeProblems } from './deployment/compose-problems.ts'
import { findDockerfileProblems } from './deployment/dockerfile-problems.ts'
import { readDockerignore } from './deployment/ignored-by-docker.ts'
import { productionAnswers } from './deployment/production-answers.ts'
import { findWorkflowProblems } from './deployment/workflow-problems.ts'

const root = process.cwd()
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const problems: string[] = []
const check = (file: string, find: (text: string) => string[]) => {
  try {
    problems.push(...find(read(file)).map((problem) => `${file}: ${problem}`))
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'check-deployment-'))
const made = createDeploymentSecrets(folder, { demo: true, consoleOrigin: 'http://localhost:4600' }).map((file) => basename(file))
rmSync(folder, { recursive: true })
check('docker-compose.yml', (text) => findComposeProblems(text, { root, production: false, environment: {}, secretFiles: new Set(made) }))
check('docker-compose.prod.example.yml', (text) => {
  const secretFiles = new Set([...made, 'tls-certificate.pem', 'tls-certificate-key.pem'])
  return findComposeProblems(text, { root, production: true, environment: productionAnswers, secretFiles })
})

const composeFiles = ['docker-compose.yml', 'docker-compose.prod.example.yml']
const projects = composeFiles.map((file) => (parse(read(file), { merge: true }) as { name?: string }).name)
if (new Set(projects).size < composeFiles.length)
  problems.push(`${composeFiles.join(' and ')} have the same name, so each would take the other's volumes`)

const { nodeVersion } = parse(read('pnpm-workspace.yaml')) as { nodeVersion: string }
const pnpmVersion = /pnpm@(\d+\.\d+\.\d+)/.exec(read('scripts/bootstrap.mjs'))?.[1] ?? 'the one of scripts/bootstrap.mjs'
const common = { root, isIgnored: readDockerignore(read('.dockerignore')), nodeVersion, pnpmVersion }
check('Dockerfile.server', (text) => findDockerfileProblems(text, { ...common, productionOnly: true }))
check('Dockerfile.frontend', (text) => findDockerfileProblems(text, { ...common, productionOnly: false }))

for (const file of readdirSync(join(root, '.github/workflows'))) check(`.github/workflows/${file}`, findWorkflowProblems)

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exitCode = 1
}
