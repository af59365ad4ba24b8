/** What a person says for the variables that the production example has no default for. */
export const productionAnswers = {
  AUTOPACK_FRONTEND_IMAGE: `images.example.org/autopack/frontend@sha256:${'1'.repeat(64)}`,
  AUTOPACK_POSTGRES_IMAGE: `postgres@sha256:${'2'.repeat(64)}`,
  AUTOPACK_SECRETS_DIR: '/etc/autopack/secrets',
  AUTOPACK_SERVER_IMAGE: `images.example.org/autopack/server@sha256:${'3'.repeat(64)}`,
  CONSOLE_ORIGIN: 'https://console.example.org',
} as const
