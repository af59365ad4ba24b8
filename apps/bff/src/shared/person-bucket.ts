import { foldName } from '@autopack/server-kit/fold-name'
import type { Bucket } from './throttle.ts'

/** Of a name as typed, known or not, so that the throttle does not tell which names exist. */
export function toPersonBucket(name: string): Bucket {
  return { kind: 'person', key: `name ${foldName(name)}`, progressive: true }
}
