/** A JSON object with unchecked values. */
export type Shape = Readonly<Record<string, unknown>>

/** The value when it is a JSON object, else undefined. */
export function asShape(value: unknown): Shape | undefined {
  return isShape(value) ? value : undefined
}

/** The value when it is a text that is not empty, else undefined: Teams sends null and "" for missing values. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The value when it is a list, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
