import type { Guard } from './guard.ts'

const controlPlane = 'apps/control-plane/src'
const console_ = 'apps/bff/src/features'
const atControlPlane = (name: string) => ({ file: `${controlPlane}/features/set-up/set-up-routes.test.ts`, name })
const atConsole = (name: string) => ({ file: `${console_}/set-up/set-up.test.ts`, name })

/** The first run: whoever is not the first one must not become an admin. */
export const setUpGuards: readonly Guard[] = [
  {
    name: 'set-up-expiry',
    protects: 'A set-up link holds for fifteen minutes (security: first run).',
    file: `${controlPlane}/features/set-up/create-first-operator.ts`,
    remove: ' || !setUp.live)',
    put: ')',
    test: atControlPlane('POST /operator/setup, 403 > a wrong token, one that is over and one where none was made get the same answer'),
  },
  {
    name: 'set-up-token',
    protects: 'Only the token of the last start makes the first admin (security: first run).',
    file: `${controlPlane}/features/set-up/create-first-operator.ts`,
    remove: '!setUp || !same ||',
    put: '!setUp ||',
    test: atControlPlane('the link > of an earlier start is void; of starts at the same moment one holds'),
  },
  {
    name: 'set-up-nobody-there',
    protects: 'Once anybody is there no link makes an admin (security: first run).',
    file: `${controlPlane}/features/set-up/create-first-operator.ts`,
    remove: 'if (!(await isSetUpNeeded(tx)))',
    put: 'if (setUp === null && !(await isSetUpNeeded(tx)))',
    test: atControlPlane('POST /operator/setup, 409 > a link that was printed while nobody was there closes when somebody comes another way'),
  },
  {
    name: 'set-up-no-link',
    protects: 'No token is ever made once somebody is there (security: first run).',
    file: `${controlPlane}/shared/set-up-rows.ts`,
    remove: 'make_interval(mins => ${validMinutes}::int) WHERE NOT ${somebodyIsThere}',
    put: 'make_interval(mins => ${validMinutes}::int) WHERE true',
    test: atControlPlane('the link > is not made once somebody is there'),
  },
  {
    name: 'set-up-closes',
    protects: 'The first sign-in ends the link, however long it would still hold (security: first run).',
    file: `${controlPlane}/features/sign-in-events/record-sign-in-event.ts`,
    remove: 'await closeSetUp(tx, event.operator_id)',
    put: "if (event.name === '') await closeSetUp(tx, event.operator_id)",
    test: atControlPlane('POST /operator/setup, 409 > after the first sign-in the very same token is worth nothing, and no start makes another'),
  },
  {
    name: 'set-up-one-name',
    protects: 'Two browsers with one link make one operator (security: first run).',
    file: `${controlPlane}/features/set-up/create-first-operator.ts`,
    remove: 'if (setUp.operatorId !== null) return',
    put: 'if (setUp.operatorId === body.name) return',
    test: atControlPlane('POST /operator/setup, 200 > two browsers with one link make one operator'),
  },
  {
    name: 'set-up-weak-password',
    protects: 'A password that cannot be taken is refused before anything is begun (security: people sign in at the BFF).',
    file: `${console_}/set-up/set-up-console.ts`,
    remove: 'if (refused !== null) throw',
    put: "if (refused === '') throw",
    test: atConsole('a refused set-up > with the password short asks the control plane nothing, so nothing is begun'),
  },
  {
    name: 'set-up-throttle',
    protects: 'Guessing at set-up links runs out for an address (security: people sign in at the BFF).',
    file: `${console_}/set-up/set-up-console.ts`,
    remove: "await refuse(error.code, 'set-up refused')\n    else await",
    put: "await refuse(error.code, 'set-up refused')\n    await",
    test: atConsole('a refused set-up > is paid for by the address: guessing at links runs out'),
  },
  {
    name: 'set-up-first-password-stays',
    protects: 'Whoever comes second with a link overwrites nothing (security: first run).',
    file: 'apps/bff/src/shared/sign-in-first-time.ts',
    remove: 'if (!(await createSignIn(tx, signIn))) return',
    put: 'if (!(await createSignIn(tx, signIn)) && signIn.generated) return',
    test: atConsole('a refused set-up > of the second browser leaves the password of the first as it is, even at the same moment'),
  },
  {
    name: 'reset-ends-sessions',
    protects: 'A reset password ends every session of that person (security: people sign in at the BFF).',
    file: `${console_}/password/reset-password.ts`,
    remove: 'revokeOtherSessions(tx, operator_id, null, now)',
    put: "revokeOtherSessions(tx, '', null, now)",
    test: {
      file: `${console_}/password/reset-password.test.ts`,
      name: 'beside the running server, the old password and every session end, the new one works, and it is one a person may have',
    },
  },
]
