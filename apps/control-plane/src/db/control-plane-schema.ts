import { pgSchema } from 'drizzle-orm/pg-core'

export const controlPlaneSchema = pgSchema('control_plane')
