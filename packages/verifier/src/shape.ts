/** Where a value is not what belongs there, as a path like `decisions[0].slot`, and what belongs there. */
export type Misfit = { where: string; detail: string }

/** Says what is wrong with a value at a place; null: nothing. */
export type Shape = (value: unknown, where: string) => Misfit | null

/** A text of one form. */
export function text(form: RegExp, what: string): Shape {
  return (value, where) => (typeof value === 'string' && form.test(value) ? null : { where, detail: `${what} belongs here` })
}

export const anyText: Shape = text(/^/, 'a text')

export const truth: Shape = (value, where) => (typeof value === 'boolean' ? null : { where, detail: 'true or false belongs here' })

export function integer(least: number): Shape {
  return (value, where) =>
    Number.isSafeInteger(value) && (value as number) >= least ? null : { where, detail: `an integer from ${least} belongs here` }
}

/** Exactly one of these texts. */
export function oneOf(...texts: readonly string[]): Shape {
  return (value, where) => (texts.includes(value as string) ? null : { where, detail: `${texts.join(' or ')} belongs here` })
}

export function orNull(shape: Shape): Shape {
  return (value, where) => (value === null ? null : shape(value, where))
}

export function list(shape: Shape, least = 0, most = Infinity): Shape {
  return (value, where) => {
    if (!Array.isArray(value)) return { where, detail: 'a list belongs here' }
    if (value.length < least || value.length > most) return { where, detail: `a list of ${least} to ${most} belongs here` }
    return first(value.entries(), ([place, item]) => shape(item, `${where}[${place}]`))
  }
}

/** An object with exactly these members; `others`: with any others beside them. */
export function members(shapes: Readonly<Record<string, Shape>>, others: 'others' | 'exactly' = 'exactly'): Shape {
  return (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { where, detail: 'an object belongs here' }
    const inside = (name: string) => (where === '' ? name : `${where}.${name}`)
    const unknown = others === 'others' ? undefined : Object.keys(value).find((name) => !Object.hasOwn(shapes, name))
    if (unknown !== undefined) return { where: inside(unknown), detail: 'this member does not belong here' }
    return first(Object.entries(shapes), ([name, shape]) => {
      return Object.hasOwn(value, name)
        ? shape((value as Record<string, unknown>)[name], inside(name))
        : { where: inside(name), detail: 'it is missing' }
    })
  }
}

function first<T>(items: Iterable<T>, find: (item: T) => Misfit | null): Misfit | null {
  for (const item of items) {
    const found = find(item)
    if (found !== null) return found
  }
  return null
}
