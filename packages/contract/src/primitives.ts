/** The small shapes every other file of the contract is built from. Wire names are snake_case, times are UTC with `Z`. */
import * as z from 'zod/mini'

/** RFC 3339 in UTC, milliseconds, always `Z`: `2026-11-22T13:36:00.000Z`. */
export const timestampSchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))

/** Lowercase hex SHA-256. */
export const sha256Schema = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** Chosen by the executor (security.md, "CSRF and the guard"). */
export const runIdSchema = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/))
export const phaseIdSchema = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/))

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
export const actionIdSchema = z.string().check(z.regex(new RegExp(`^act_${uuid}$`)))
export const executionIdSchema = z.string().check(z.regex(new RegExp(`^exe_${uuid}$`)))
export const operatorIdSchema = z.string().check(z.regex(new RegExp(`^op_${uuid}$`)))
/** The public half of an executor key; the secret half is shown once. */
export const executorKeyIdSchema = z.string().check(z.regex(/^key_[0-9a-z]{12}$/))
export const executorIdSchema = z.string().check(z.regex(new RegExp(`^exr_${uuid}$`)))
/** Unique and stable; what people call an executor. */
export const executorNameSchema = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/))

/** An amount is an integer count of minor units plus an ISO 4217 code. */
export const moneySchema = z.strictObject({
  amount_minor: z.int().check(z.gte(0)),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
})
export type Money = z.infer<typeof moneySchema>

/** `exact: false` means "this many or more": counting stops at 10,000. */
export const totalSchema = z.strictObject({ count: z.int().check(z.gte(0)), exact: z.boolean() })

export const cursorSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,400}$/))

/** Query values arrive as text; this reads a bounded whole number. */
export function queryInteger(least: number, most: number) {
  return z.pipe(
    z.pipe(
      z.string().check(z.regex(/^(0|[1-9]\d{0,14})$/)),
      z.transform((text: string) => Number(text)),
    ),
    z.int().check(z.gte(least), z.lte(most)),
  )
}

/** Text a person typed: trimmed length 1..most, no NUL. */
export function typedText(most: number) {
  return z.string().check(z.trim(), z.minLength(1), z.maxLength(most), z.regex(/^[^\u0000]*$/))
}

/** Text that an executor reports: any length up to `most`, no NUL (PostgreSQL text cannot hold one). */
export function reportedText(most: number) {
  return z.string().check(z.maxLength(most), z.regex(/^[^\u0000]*$/))
}

/** The name of a person as others see it: nothing invisible in it, so that no two that look alike differ. */
export const operatorNameSchema = z
  .string()
  .check(z.trim(), z.minLength(1), z.maxLength(100), z.regex(/^\P{C}*$/u, { error: 'has a character that cannot be seen' }))

/** Who it was, by id and by name. */
export const personSchema = z.strictObject({ operator_id: z.string(), name: z.string() })
