import { integerVariable, requireSecretFilesVariable, secretVariable, textVariable } from '@autopack/server-kit/environment'

export const variables = {
  host: textVariable('DEMO_SHOP_HOST', {
    description: 'Address the demo shop listens on; people see it at 127.0.0.1',
    default: '127.0.0.1',
    pattern: /^[0-9a-fA-F.:]+$/,
    expected: 'must be an IP address',
  }),
  port: integerVariable('DEMO_SHOP_PORT', { description: 'Port of the demo shop', default: 4602, least: 0, most: 65_535 }),
  token: secretVariable('DEMO_SHOP_TOKEN', {
    description: 'What sellers present to the demo shop',
    pattern: /^[\x21-\x7e]{20,200}$/,
    expected: 'must be 20 to 200 printable characters without spaces',
  }),
  dataDir: textVariable('AUTOPACK_DATA_DIR', { description: 'Folder that holds everything the processes keep', default: '.autopack' }),
  requireSecretFiles: requireSecretFilesVariable,
}
