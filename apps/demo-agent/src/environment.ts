import { requireSecretFilesVariable, secretVariable, textVariable } from '@autopack/server-kit/environment'

const originPattern = /^https?:\/\/[^/\s]+$/

export const variables = {
  url: textVariable('AUTOPACK_URL', {
    description: 'Origin of the control plane, for executors',
    default: 'http://127.0.0.1:4601',
    pattern: originPattern,
    expected: 'must be an origin such as http://127.0.0.1:4601',
  }),
  key: secretVariable('AUTOPACK_EXECUTOR_KEY', {
    description: 'Executor key of the demo agent',
    pattern: /^apk_[0-9a-z_]{60,120}$/,
    expected: 'must be an executor key (apk_…)',
  }),
  shopUrl: textVariable('DEMO_SHOP_URL', {
    description: 'Origin of the demo shop, for the demo agent',
    default: 'http://127.0.0.1:4602',
    pattern: originPattern,
    expected: 'must be an origin such as http://127.0.0.1:4602',
  }),
  shopToken: secretVariable('DEMO_SHOP_TOKEN', { description: 'What the demo agent presents to the demo shop' }),
  workspace: textVariable('DEMO_WORKSPACE', { description: 'Folder that the demo agent inventories', default: '.' }),
  dataDir: textVariable('AUTOPACK_DATA_DIR', { description: 'Folder that holds everything the processes keep', default: '.autopack' }),
  requireSecretFiles: requireSecretFilesVariable,
}
