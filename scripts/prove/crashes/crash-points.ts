import { controlPlanePoints } from './control-plane-points.ts'
import type { CrashPoint } from './crash-point.ts'
import { databasePoints } from './database-points.ts'
import { embeddedPoints } from './embedded-points.ts'
import { executorPoints } from './executor-points.ts'

/** Every named moment at which something is killed. */
export const crashPoints: readonly CrashPoint[] = [...controlPlanePoints, ...executorPoints, ...databasePoints, ...embeddedPoints]
