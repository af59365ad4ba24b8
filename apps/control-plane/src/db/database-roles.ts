/**
 * The three roles of the control plane on PostgreSQL, as deploy/postgres/roles-and-schemas.sh makes them. The embedded database has none of
 * them: there, triggers alone keep evidence as it is.
 */
export const databaseRoles = {
  /** Owns the schema and everything in it. Nobody signs in as it. */
  owner: 'autopack_owner',
  /** Becomes the owner for as long as migrations take, and is nothing else. */
  migrator: 'autopack_migrator',
  /** What the server and its commands run as: it has the rights of application-rights.ts, and owns nothing. */
  application: 'autopack_control_plane',
} as const
