/** JSON as an object, or `undefined`: for saved states and request bodies. */
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

/** An array's items, or an empty array. */
export function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Reads a field of a saved state. Throws an Error that names the field if it is missing or has another type. */
export function readField<Value>(
  record: Readonly<Record<string, unknown>>,
  name: string,
  is: (value: unknown) => value is Value,
): Value {
  const value = record[name]
  if (is(value)) return value
  throw new Error(
    `The saved state is damaged: field "${name}" is missing or of another type. Start from nothing, or restore an older copy.`,
  )
}

export const isString = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
export const isItems = (value: unknown): value is readonly unknown[] => Array.isArray(value)
