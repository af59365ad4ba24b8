import type { Guard } from './guard.ts'

const sdk = 'packages/executor-sdk/src'
const perform = (name: string) => ({ file: `${sdk}/create-executor.test.ts`, name: `perform > ${name}` })
const redact = (name: string) => ({ file: 'packages/redaction/src/redact.test.ts', name })

/** Where something leaves or enters: the executor's sending, artifacts and their secrets, files and folders of the host. */
export const boundaryGuards: readonly Guard[] = [
  {
    name: 'sdk-recomputes-hash',
    protects: 'The executor hashes what it was handed before it sends anything of it (I-3).',
    file: `${sdk}/perform.ts`,
    remove: 'const right = read.hash === action.payload_hash && claim.payload_hash',
    put: 'const right = claim.payload_hash',
    test: perform('another payload under the right hash is refused before anything is sent'),
  },
  {
    name: 'sdk-reports-what-it-sent',
    protects: 'The executor reports the hash of the very bytes that left (I-3).',
    file: `${sdk}/perform.ts`,
    remove: '    sha256: sha256Hex(request_bytes),\n',
    put: '    sha256: read.hash,\n',
    test: perform('sends exactly the approved body once, and reports the hash of what it sent'),
  },
  {
    name: 'sdk-files-are-the-approved',
    protects: 'A file is handed over only when it is the approved one (I-5).',
    file: `${sdk}/perform.ts`,
    remove: 'bytes.length !== file.size_bytes || sha256Hex(bytes) !== file.sha256) {',
    put: 'bytes.length !== file.size_bytes) {',
    test: perform('files are handed over only when they are the approved ones'),
  },
  {
    name: 'sdk-last-look',
    protects: 'Switches are read again right before connecting; what was turned off meanwhile is not sent (I-13, I-14).',
    file: `${sdk}/perform.ts`,
    remove: 'if (control.brake_engaged || control.brakes.some((brake) => stops(brake, action)))',
    put: 'if (control.dry_run && control.brakes.some((brake) => stops(brake, action)))',
    test: perform('the brake that changed after the claim still stops the sending'),
  },
  {
    name: 'sdk-lost-fence',
    protects: 'Whoever lost the fence sends nothing (I-8).',
    file: `${sdk}/perform.ts`,
    remove: 'if (isLost(error)) throw new LostClaim((error as Error).message)\n    return {',
    put: 'if (isLost(error)) return null\n    return {',
    test: perform('whoever lost the fence sends nothing and reports nothing'),
  },
  {
    name: 'sdk-doubt-is-unknown',
    protects: 'A connection that breaks after the request is told as unknown, never as not sent (I-16).',
    file: `${sdk}/perform.ts`,
    remove: "return { report: { sent: 'unknown', outcome: 'unknown', sent_sha256,",
    put: "return { report: { sent: 'no', outcome: 'failed', sent_sha256,",
    test: perform('a connection that breaks after the request is reported as unknown, never as not sent'),
  },
  {
    name: 'no-redirect-with-the-key',
    protects: 'A redirect is never followed, so the executor key reaches nobody else (security: BFF → control plane).',
    file: 'packages/api-client/src/fetch-transport.ts',
    remove: "redirect: 'manual',",
    put: "redirect: 'follow',",
    test: { file: `${sdk}/create-executor.test.ts`, name: 'propose > a redirect is not followed, so the key reaches nobody else' },
  },
  {
    name: 'no-redirect-of-the-effect',
    protects: 'A provider that redirects gets no second request, and neither does the place it names (I-17).',
    file: `${sdk}/send-over-http.ts`,
    remove: "redirect: 'manual',",
    put: "redirect: 'follow',",
    test: perform('a provider that redirects gets no second request, and neither does the place it names'),
  },
  {
    name: 'redaction-fails-closed',
    protects: 'A text that cannot be redacted is withheld, not shown (artifacts: redaction).',
    file: 'packages/redaction/src/redact.ts',
    remove: "return { text: '', count: 0, by_rule: {}, withheld: true }",
    put: 'return { text, count: 0, by_rule: {}, withheld: false }',
    test: redact('redactText > withholds the text when it cannot redact it'),
  },
  {
    name: 'redaction-in-time',
    protects: 'A text whose redaction takes too long is withheld, not shown (artifacts: redaction).',
    file: 'apps/control-plane/src/features/artifacts/redactor.ts',
    remove: '((await send({ bytes, encoding })) as RedactedText | null) ?? withheld,',
    put: '((await send({ bytes, encoding })) as RedactedText | null) ?? { ...withheld, bytes: bytes.slice(0, 40), withheld: false },',
    test: {
      file: 'apps/control-plane/src/features/artifacts/redactor.test.ts',
      name: 'a text that takes too long is withheld, and the next one is redacted again',
    },
  },
  {
    name: 'known-secrets',
    protects: 'A secret that this server holds is never shown, in whatever form it stands (artifacts: redaction).',
    file: 'packages/redaction/src/redact.ts',
    remove: '...listKnownSecrets(masked, forms), ',
    put: '',
    test: redact('known secrets > finds one in hex'),
  },
  {
    name: 'secrets-out-of-the-log',
    protects: 'No secret of a process reaches a line of its log (security: configuration).',
    file: 'packages/server-kit/src/log.ts',
    remove: "scrubbed = scrubbed.replaceAll(secret, '[redacted]')",
    put: 'scrubbed = scrubbed.replaceAll(secret, secret)',
    test: { file: 'packages/server-kit/src/log.test.ts', name: 'a secret of the process never reaches a line, in whatever part of it' },
  },
  {
    name: 'artifact-names',
    protects: 'The name of an artifact never leads out of its run (artifacts: names).',
    file: 'packages/contract/src/artifacts.ts',
    remove: " && segment !== '.' && segment !== '..'),",
    put: '),',
    test: {
      file: 'apps/control-plane/src/features/artifacts/artifact-routes.test.ts',
      name: '400 > the name "../etc/passwd" is refused for upload, preview and raw file, and nothing is stored',
    },
  },
  {
    name: 'artifact-store-names',
    protects: 'Nothing but a hash names a file of the artifact store (artifacts: store).',
    file: 'apps/control-plane/src/features/artifacts/disk-artifact-store.ts',
    remove: 'if (!/^[0-9a-f]{64}$/.test(sha256)) throw',
    put: "if (sha256 === '') throw",
    test: {
      file: 'apps/control-plane/src/features/artifacts/disk-artifact-store.test.ts',
      name: 'nothing but a hash names an object, so "../../etc/passwd" never becomes a path',
    },
  },
  {
    name: 'directory-lock',
    protects: 'One process at a time has an embedded database open (stack: embedded database).',
    file: 'packages/server-kit/src/directory-lock.ts',
    remove: 'if (owner || attempt >= 100) throw',
    put: 'if (attempt >= 100) throw',
    test: { file: 'packages/server-kit/src/directory-lock.test.ts', name: 'a second owner is refused and told which process holds the directory' },
  },
  {
    name: 'secret-file-writable',
    protects: 'A secret is not read from a file that others may write (security: configuration).',
    file: 'packages/server-kit/src/environment.ts',
    remove: 'if ((found.mode & 0o022) !== 0) {',
    put: 'if ((found.mode & 0o002) !== 0) {',
    test: {
      file: 'packages/server-kit/src/environment.test.ts',
      name: 'a secret > never falls back to the variable when its file is writable by its group',
    },
  },
]
