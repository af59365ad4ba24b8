import type { Event } from '@autopack/contract/events'
import type { QueryKey } from '@tanstack/react-query'

/** What a feature says about one event: which of its queries no longer hold. Pure; app/live-updates.ts composes them. */
export type ApplyEvent = (event: Event) => readonly QueryKey[]
