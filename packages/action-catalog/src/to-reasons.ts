import { toPointer } from '@autopack/approval-proof/canonical-profile'
import type * as z from 'zod/mini'

/** zod/mini carries no words of its own, and a server that refuses to start must say what to mend. `path` is a JSON pointer. */
export function toReasons(issue: z.core.$ZodIssue): Array<[path: string, reason: string]> {
  const path = toPointer(issue.path.map(String))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => [`${path}${toPointer([key])}`, 'is unknown'])
    case 'invalid_type':
      return [[path, `is missing or not of type ${issue.expected}`]]
    case 'invalid_value':
      return [[path, `must be ${issue.values.map(String).join(' or ')}`]]
    case 'too_small':
      return [[path, issue.origin === 'int' || issue.origin === 'number' ? `must be at least ${issue.minimum}` : issue.message]]
    case 'too_big':
      return [[path, issue.origin === 'int' || issue.origin === 'number' ? `must be at most ${issue.maximum}` : issue.message]]
    default:
      return [[path, issue.message]]
  }
}
