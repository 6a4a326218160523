/** Readers of stored JSON: each takes a value of unknown shape and gives it back typed, or throws {@link Damage}. */
export type Read<Value> = (value: unknown, path: string) => Value

/** What was found damaged, and where. Thrown and caught inside this folder only. */
export class Damage extends Error {
  override readonly name = 'Damage'
}

/** The fields of a JSON object, each read once by name. */
export interface Fields {
  required<Value>(name: string, read: Read<Value>): Value
  /** The field as an object to be spread: empty when it is absent. */
  optional<Name extends string, Value>(name: Name, read: Read<Value>): { readonly [Key in Name]?: Value }
}

export function readObject<Value>(build: (fields: Fields) => Value): Read<Value> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Damage(`${path} is no object`)
    const found: Record<string, unknown> = { ...value }
    return build({
      required: (name, read) => read(found[name], `${path}.${name}`),
      optional: (name, read) => {
        if (found[name] === undefined) return {}
        const field: { [Key in typeof name]?: ReturnType<typeof read> } = {}
        field[name] = read(found[name], `${path}.${name}`)
        return field
      },
    })
  }
}

export function readArray<Value>(read: Read<Value>): Read<readonly Value[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Damage(`${path} is no list`)
    return value.map((item: unknown, index) => read(item, `${path}[${index}]`))
  }
}

export function readTextMap(value: unknown, path: string): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Damage(`${path} is no object`)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readText(item, `${path}.${key}`)]))
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new Damage(`${path} is no text`)
  return value
}

/** Milliseconds since the epoch that a `Date` can show: https://tc39.es/ecma262/#sec-time-values-and-time-range */
export function readInstant(value: unknown, path: string): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= 8.64e15)) throw new Damage(`${path} is no instant`)
  return value
}

/** A whole number from 0 up. */
export function readCount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Damage(`${path} is no count`)
  return value
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new Damage(`${path} is neither true nor false`)
  return value
}

/** One of a few literal values. */
export function readOneOf<const Value extends string | number | boolean>(...allowed: readonly Value[]): Read<Value> {
  return (value, path) => {
    const match = allowed.find((item) => item === value)
    if (match === undefined) throw new Damage(`${path} is none of ${allowed.join(', ')}`)
    return match
  }
}
