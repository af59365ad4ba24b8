// By name, not as `z.config`: the build drops calls of `z` whose value nobody uses, see vite.config.ts.
import { config } from 'zod/mini'

config({ jitless: true })
