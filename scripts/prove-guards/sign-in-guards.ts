import type { Guard } from './guard.ts'

const features = 'apps/bff/src/features'
const passkey = (name: string) => ({ file: `${features}/sign-in/sign-in-with-passkey.test.ts`, name: `refused passkeys > ${name}` })
const stepUp = (name: string) => ({ file: `${features}/step-up/step-up.test.ts`, name: `showing again who is signed in > ${name}` })

/** Who shows who they are, with what, and how often they may try. */
export const signInGuards: readonly Guard[] = [
  {
    name: 'passkey-disabled-person',
    protects: 'The passkey of a disabled person signs nobody in (security: people sign in).',
    file: `${features}/sign-in/sign-in-with-passkey.ts`,
    remove: '  if (!operator.enabled) {',
    put: "  if (!operator.enabled && operator.name === '') {",
    test: passkey(
      'answer the same for a key that is unknown or out of use, a challenge that is over, a disabled person and one without a sign-in here',
    ),
  },
  {
    name: 'passkey-same-answer',
    protects: 'Nobody learns from a refusal whether a passkey is known, was removed or is of a disabled person (security: people sign in).',
    file: `${features}/sign-in/sign-in-with-passkey.ts`,
    remove: "['challenge_refused', 'signature_refused', 'operator_disabled']",
    put: "['challenge_refused', 'signature_refused']",
    test: passkey(
      'answer the same for a key that is unknown or out of use, a challenge that is over, a disabled person and one without a sign-in here',
    ),
  },
  {
    name: 'passkey-attempts',
    protects: 'Sign-ins with a passkey run out for one network (security: throttling).',
    file: `${features}/sign-in/sign-in-with-passkey.ts`,
    remove: '  await deps.throttle.take(buckets).catch(',
    put: '  await deps.throttle.take([]).catch(',
    test: passkey('run out for one network, and a browser where the person has signed in before goes on'),
  },
  {
    name: 'passkey-challenges',
    protects: 'Whoever is not signed in cannot fill the control plane with challenges (security: throttling).',
    file: `${features}/sign-in/start-passkey-sign-in.ts`,
    remove: "  await deps.throttle.take([{ kind: 'challenge', key: addressBucket(input.caller.address), progressive: false }])\n",
    put: '  addressBucket(input.caller.address)\n',
    test: passkey('are not asked of the control plane without end: challenges of one network run out'),
  },
  {
    name: 'step-up-password',
    protects: 'Only the right password moves the moment at which somebody showed who they are (safety: deciding).',
    file: `${features}/step-up/step-up.ts`,
    remove: '      if (!right) throw wrong\n',
    put: "      if (!right && password === '') throw wrong\n",
    test: stepUp('needs the right password; guesses run out, and the sign-in is not locked by them'),
  },
  {
    name: 'step-up-new-session',
    protects: 'After a step-up the session id of before is worth nothing (security: sessions).',
    file: `${features}/step-up/step-up.ts`,
    remove: 'const own = await revokeSessions(tx, [session.sid_sha256], now)',
    put: 'const own = [session.sid_sha256]',
    test: stepUp('gives the session another id, and the old one is over'),
  },
  {
    name: 'step-up-time',
    protects: 'The control plane hears when the person last showed who they are (safety: deciding).',
    file: `${features}/step-up/step-up.ts`,
    remove: '    auth_time: now,\n',
    put: '',
    test: stepUp('moves the moment that the control plane hears, and neither when they signed in nor when it ends'),
  },
  {
    name: 'password-length',
    protects: 'A short password is taken of nobody, with a passkey or without (security: people sign in).',
    file: 'apps/bff/src/shared/refused-password.ts',
    remove: 'const leastCharacters = 15',
    put: 'const leastCharacters = 8',
    test: {
      file: `${features}/password/change-password.test.ts`,
      name: 'changing the password > takes no short password, whoever has a passkey: the password alone still signs in',
    },
  },
]
