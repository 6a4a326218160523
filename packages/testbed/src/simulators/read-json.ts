/** JSON of unknown shape as an object, or `undefined`: readers of saved states and request bodies start here. */
export function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** A plain object (no array, no null), or `undefined`. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

/** An array's items, or none. */
export function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Throws an Error that names the field when a saved state does not hold what it must. */
export function readField<Value>(
  record: Readonly<Record<string, unknown>>,
  name: string,
  is: (value: unknown) => value is Value,
): Value {
  const value = record[name]
  if (is(value)) return value
  throw new Error(
    `The saved state is damaged: field "${name}" is missing or of another type. Start afresh, or restore an older copy.`,
  )
}

export const isString = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
export const isItems = (value: unknown): value is readonly unknown[] => Array.isArray(value)
