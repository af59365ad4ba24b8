import type { Bucket } from './throttle.ts'

/**
 * Of the password of somebody who is signed in: whoever sits down at an unlocked screen must not guess it, and must not
 * lock the sign-in either.
 */
export function toPasswordBucket(operatorId: string): Bucket {
  return { kind: 'person', key: `password ${operatorId}`, progressive: true }
}
