import { readFileSync } from 'node:fs'
import type { Gate, PlantedViolation } from '../gates.ts'

/** The file as it is with one thing changed; throws when there is nothing to change, so that no planted violation is empty. */
function edited(what: string, file: string, from: string, to: string, expect: string): PlantedViolation {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} does not say ${from}: the planted violation «${what}» needs another place`)
  return { what, files: { [file]: text.replace(from, to) }, expect }
}

const development = 'docker-compose.yml'
const production = 'docker-compose.prod.example.yml'
const workflow = '.github/workflows/ci.yml'

export const deploymentGates: readonly Gate[] = [
  {
    name: 'compose files by the schema of compose',
    command: ['dclint', '--config', '.dclintrc.json', '--max-warnings', '0', development, production],
    fix: 'dclint --config .dclintrc.json --fix, or mend what it names',
    planted: [
      edited('a key that compose does not know', development, 'read_only: true', 'readonly: true', 'invalid-schema'),
      edited('a port on every address', development, "'127.0.0.1:4601:4601'", "'4601:4601'", 'no-unbound-port-interfaces'),
      edited(
        'an image without a tag',
        development,
        '${AUTOPACK_POSTGRES_IMAGE:-postgres:15.18-bookworm}',
        'postgres',
        'service-image-require-explicit-tag',
      ),
      edited('a file that is no YAML', production, 'services:', 'services: [', 'docker-compose.prod.example.yml'),
    ],
  },
  {
    name: 'compose files, Dockerfiles and the workflow agree with the processes',
    command: ['node', 'scripts/test/check-deployment.ts'],
    fix: 'mend the file that is named; what the rules mean is in docs/deployment.md',
    planted: [
      edited('a variable that no process reads', development, 'CONSOLE_HOST:', 'CONSOLE_HOSTS:', 'CONSOLE_HOSTS is nothing that this process reads'),
      edited(
        'a value that the process refuses',
        production,
        "AUTOPACK_ENABLE_ETSY_PUBLISH: '0'",
        "AUTOPACK_ENABLE_ETSY_PUBLISH: 'no'",
        'must be 0 or 1',
      ),
      edited(
        'a switch that is on in production',
        production,
        "AUTOPACK_EXTERNAL_ACTIONS_ENABLED: '0'",
        "AUTOPACK_EXTERNAL_ACTIONS_ENABLED: '1'",
        'must be 0 in',
      ),
      edited(
        'a secret in the environment',
        development,
        'AUTOPACK_DEMO_FILE: /run/secrets/demo',
        "AUTOPACK_DEMO: '{}'",
        'it must come from AUTOPACK_DEMO_FILE',
      ),
      edited(
        'a secret that is mounted and not read',
        production,
        '      - jwt_public_key\n',
        '      - jwt_public_key\n      - postgres_password\n',
        'no *_FILE names it',
      ),
      edited('a secret that is read and not mounted', production, '      - bff_database_url\n', '', 'names a secret that is not mounted'),
      edited('a secret from a file that nothing makes', development, '/shop-token', '/shop-tokens', 'comes from no file'),
      edited('an image that two services build', development, '  pull_policy: never', '  pull_policy: never\n  build: .', 'is built by'),
      edited(
        'a project that takes the volumes of production',
        development,
        'name: autopack-console-development',
        'name: autopack-console',
        'have the same name',
      ),
      edited('migrations that are tried for ever', production, "restart: 'no'", 'restart: unless-stopped', "restart must be 'no'"),
      edited(
        'a server with the key to every table',
        production,
        'DATABASE_URL_FILE: /run/secrets/control_plane_database_url',
        'MIGRATOR_DATABASE_URL_FILE: /run/secrets/control_plane_database_url',
        'MIGRATOR_DATABASE_URL_FILE is nothing that this process reads',
      ),
      edited('an image that floats', development, ':-postgres:15.18-bookworm', ':-postgres:latest', 'does not name one version'),
      edited(
        'a tag in production',
        production,
        '${AUTOPACK_POSTGRES_IMAGE:?postgres@sha256:…',
        '${AUTOPACK_POSTGRES_IMAGE:-postgres:15.18',
        'is neither a digest',
      ),
      edited('a port that other machines reach', development, "'127.0.0.1:4600:8080'", "'0.0.0.0:4600:8080'", 'to other machines'),
      edited(
        'a second open door in production',
        production,
        '    networks:\n      - control\n      - executors\n',
        "    networks:\n      - control\n      - executors\n    ports:\n      - '0.0.0.0:4601:4601'\n",
        'only the frontend is reachable',
      ),
      edited('a network that leads out', production, '  control:\n    internal: true', '  control:\n    internal: false', 'it must be internal'),
      edited('a process that runs as root', development, "user: '10001:10001'", "user: '0:0'", 'must be two numbers'),
      edited('a user by name', production, "user: '10001:10001'", "user: 'node'", 'must be two numbers'),
      edited('capabilities that stay', production, '    - ALL\n', '    - NET_RAW\n', 'cap_drop must be ALL'),
      edited(
        'a proxy that is not there',
        development,
        'AUTOPACK_TRUSTED_PROXIES: ${AUTOPACK_FRONT_SUBNET:-172.29.46.0/24}',
        "AUTOPACK_TRUSTED_PROXIES: '10.0.0.0/8'",
        'must be the subnet',
      ),
      edited('the host’s socket of docker', development, '- artifacts:/data', '- /var/run/docker.sock:/var/run/docker.sock', 'of the host'),
      edited('a key that stands twice', development, '  read_only: true\n', '  read_only: true\n  read_only: true\n', 'unique'),
      edited('an instruction that does not exist', 'Dockerfile.server', 'EXPOSE', 'EXPOZE', 'Unknown instruction'),
      edited('a base image that floats', 'Dockerfile.server', 'node:26.10.0-bookworm-slim', 'node:latest', 'does not name one version'),
      edited('another Node than the lockfile has', 'Dockerfile.frontend', 'node:26.10.0-', 'node:26.9.0-', 'Node must be 26.10.0'),
      edited('an image that runs as root', 'Dockerfile.server', 'USER 10001:10001', 'USER root', 'the last USER'),
      edited('an install that runs scripts', 'Dockerfile.server', ' --ignore-scripts --filter', ' --filter', 'must have --ignore-scripts'),
      edited('tools in the image', 'Dockerfile.server', ' --prod ', ' ', 'must have --prod'),
      edited('a source that is not there', 'Dockerfile.frontend', 'COPY nginx.conf', 'COPY nginx2.conf', 'is not there'),
      edited(
        'a source that never gets into a build',
        'Dockerfile.server',
        'COPY packages packages',
        'COPY packages scripts/keys.ts packages/',
        '.dockerignore keeps it out',
      ),
      edited('a workflow that may write', workflow, 'contents: read', 'contents: write', 'permissions must be'),
      edited(
        'a job that takes more rights',
        workflow,
        '    timeout-minutes',
        '    permissions: write-all\n    timeout-minutes',
        'takes other permissions',
      ),
      edited('a trigger with the rights of main', workflow, '  pull_request:', '  pull_request_target:', 'is triggered by pull_request_target'),
      edited('an action by its tag', workflow, '@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0', '@v5', 'is not pinned by its commit'),
      edited('a token that stays in the checkout', workflow, 'persist-credentials: false', 'persist-credentials: true', 'persist-credentials: false'),
      edited('a secret in the tests', workflow, 'run: .ci/run', 'run: .ci/run\n        env:\n          KEY: ${{ secrets.KEY }}', 'uses a secret'),
      edited('another command than a person runs', workflow, 'run: .ci/run', 'run: npm run build', 'no step runs .ci/run'),
      edited('a job without an end', workflow, '    timeout-minutes: 45\n', '', 'has no timeout-minutes'),
    ],
  },
]
