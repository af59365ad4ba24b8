import type { Guard } from './guard.ts'

const migration = 'apps/control-plane/src/db/migrations/0010_people.sql'
const operators = 'apps/control-plane/src/features/operators'
const executors = 'apps/control-plane/src/features/executor-keys'
const people = (name: string) => ({ file: `${operators}/people-routes.test.ts`, name })
const keys = (name: string) => ({ file: `${executors}/executor-routes.test.ts`, name })
const constraints = (name: string) => ({ file: 'apps/control-plane/src/db/people-constraints.test.ts', name })
const stepUp = (act: string, says: string) => ({ file: `${operators}/people-step-up.test.ts`, name: `${act} > ${says}` })
const fresh = 'takes the password again, where that is enough, and nothing after five minutes'
const nothingElse = 'takes no signature over another act of the kind, changes nothing then, and uses its challenge up'
const standings = 'apps/bff/src/features/standings/end-changed-sessions'

/** Who may come in, as what, and until when (security: who owns whom, executor keys). */
export const peopleGuards: readonly Guard[] = [
  {
    name: 'own-role',
    protects: 'Nobody changes their own role (I-10).',
    file: `${operators}/can-administer.ts`,
    remove: 'if (person.operator_id === asking_operator_id)',
    put: "if (person.operator_id === '')",
    test: people('a change of role > 403: nobody changes their own, admins included, and the attempt is recorded'),
  },
  {
    name: 'last-admin-row',
    protects: 'The last enabled admin stays, whoever writes the row (I-10).',
    file: migration,
    remove: "IF NOT FOUND THEN RAISE EXCEPTION 'the last enabled admin stays'",
    put: "IF false THEN RAISE EXCEPTION 'the last enabled admin stays'",
    test: constraints('the last admin is not disabled'),
  },
  {
    name: 'invite-in-time',
    protects: 'An invite is worth nothing after 72 hours (security: people sign in at the BFF).',
    file: 'apps/control-plane/src/features/invites/accept-invite.ts',
    remove: 'if (!held?.live) return null',
    put: 'if (!held) return null',
    test: people('an invite > wrong, too old, replaced and taken back gets one and the same answer'),
  },
  {
    name: 'invite-once',
    protects: 'An invite is worth nothing once its person has signed in (security: people sign in at the BFF).',
    file: 'apps/control-plane/src/features/sign-in-events/record-sign-in-event.ts',
    remove: '      await endUsedInvite(tx, event.operator_id, deps.now)\n',
    put: '',
    test: people('an invite > answers the same person again until they have signed in, and is worth nothing afterwards'),
  },
  {
    name: 'two-live-keys',
    protects: 'An executor has at most two live keys, whoever writes the row (security: executor keys).',
    file: migration,
    remove: 'k.expires_at > clock_timestamp()) >= 2',
    put: 'k.expires_at > clock_timestamp()) >= 200',
    test: constraints('a third live key of one executor is refused'),
  },
  {
    name: 'scopes-not-widened',
    protects: 'The owner of an executor gives its key nothing that it did not have (security: executor keys).',
    file: `${executors}/rotate-key.ts`,
    remove: "if (widened.length > 0 && asking.role !== 'admin')",
    put: "if (widened.length > 99 && asking.role !== 'admin')",
    test: keys('rotating a key > 403: the owner takes scopes away and gives none; an admin may'),
  },
  {
    name: 'key-of-the-owner',
    protects: 'To others than its owner and admins a key does not exist (security: executor keys).',
    file: `${executors}/executor-key-rows.ts`,
    remove: "if (!executor || whyNotManage('rotate', asking, executor) !== null) return null",
    put: 'if (!executor) return null',
    test: keys('rotating a key > 404: to others the key does not exist, not even where they see what the executor does'),
  },
  {
    name: 'disabled-session-ends',
    protects: 'The sessions of somebody disabled end without a request of theirs (security: who owns whom).',
    file: `${standings}.ts`,
    remove: "  if (!standing.enabled) return 'the operator is disabled'\n",
    put: '',
    test: {
      file: `${standings}.test.ts`,
      name: 'a session of somebody who is disabled is over without a request of theirs, and the audit log says why',
    },
  },
  {
    name: 'step-up-to-invite',
    protects: 'Nobody is invited by a session alone (I-18).',
    file: `${operators}/invite-operator.ts`,
    remove: 'if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)',
    put: '',
    test: stepUp('inviting somebody', fresh),
  },
  {
    name: 'step-up-to-reissue',
    protects: 'No invite is issued again by a session alone (I-18).',
    file: `${operators}/reissue-invite.ts`,
    remove: 'if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)',
    put: '',
    test: stepUp('issuing another invite', fresh),
  },
  {
    name: 'step-up-for-a-role',
    protects: 'Nobody gets a role by a session alone (I-18).',
    file: `${operators}/set-role.ts`,
    remove: 'if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)',
    put: '',
    test: stepUp('giving a role', fresh),
  },
  {
    name: 'step-up-to-enable',
    protects: 'Nobody is enabled by a session alone (I-18).',
    file: `${operators}/enable-operator.ts`,
    remove: 'if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)',
    put: '',
    test: stepUp('enabling somebody', fresh),
  },
  {
    name: 'step-up-for-a-key',
    protects: 'No key is made by a session alone (I-18).',
    file: `${executors}/create-key.ts`,
    remove: 'if (!stepUp.ok) return refuse(stepUp)',
    put: '',
    test: stepUp('creating a key', fresh),
  },
  {
    name: 'step-up-to-replace-a-key',
    protects: 'No key is replaced by a session alone (I-18).',
    file: `${executors}/rotate-key.ts`,
    remove: 'if (!stepUp.ok) return refuseExecutorChange(tx, attempt, stepUp)',
    put: '',
    test: stepUp('replacing a key', fresh),
  },
  {
    name: 'step-up-to-hand-over',
    protects: 'No executor is handed over by a session alone (I-18).',
    file: `${executors}/transfer-executor.ts`,
    remove: 'if (!stepUp.ok) return refuseExecutorChange(tx, attempt, stepUp)',
    put: '',
    test: stepUp('handing an executor over', fresh),
  },
  {
    name: 'scopes-are-signed',
    protects: 'A key does no more than what was signed says (I-18).',
    file: `${executors}/create-key.ts`,
    remove: 'scopes: toScopeList(scopes),',
    put: "scopes: 'runs:read',",
    test: stepUp('creating a key', nothingElse),
  },
  {
    name: 'invites-end-with-their-maker',
    protects: 'An admin who is taken out leaves no way in behind (security: people sign in at the BFF).',
    file: `${operators}/disable-operator.ts`,
    remove: 'await endInvitesBy(tx, operatorId, now)',
    put: '0',
    test: people('an invite > ends with the standing of the admin who made it, begun or not; invites of others stay: disable'),
  },
  {
    name: 'invites-end-with-the-role',
    protects: 'Somebody who is no admin any more leaves no way to be one behind (security: people sign in at the BFF).',
    file: `${operators}/set-role.ts`,
    remove: 'await endInvitesBy(tx, operatorId, now)',
    put: '0',
    test: people('an invite > ends with the standing of the admin who made it, begun or not; invites of others stay: role'),
  },
  {
    name: 'invites-end-with-a-reset',
    protects: 'Whoever had the passkeys of an admin leaves no way in behind (security: people sign in at the BFF).',
    file: 'apps/control-plane/src/features/passkeys/reset-passkeys.ts',
    remove: 'await endInvitesBy(tx, operator_id, now)',
    put: '0',
    test: people('an invite > ends with the standing of the admin who made it, begun or not; invites of others stay: passkeys/reset'),
  },
  {
    name: 'nobody-looks-like-another',
    protects: 'Two people are not one to a hurried eye (security: people sign in at the BFF).',
    file: `${operators}/invite-operator.ts`,
    remove: 'toSkeleton(other) === toSkeleton(name) ||',
    put: '',
    test: people('an invite > is refused for a name that looks like that of somebody who is here'),
  },
  {
    name: 'nothing-new-without-an-owner',
    protects: 'An executor whose owner is disabled begins nothing (security: executor keys).',
    file: 'apps/control-plane/src/shared/mount.ts',
    remove: 'if (!principal.ownerEnabled && beginsWork(route))',
    put: 'if (!principal.ownerEnabled && route.id === route.path)',
    test: people('disabling > leaves their executors nothing to begin, tells how many live keys they have, and lets them report'),
  },
]
