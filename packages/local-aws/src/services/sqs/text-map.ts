const MOST_KEPT = 500
const kept = new Map<string, Readonly<Record<string, string>>>()

/** Reads a stored JSON object of texts. Cached: a queue's attributes are read by every call and rarely change. */
export function readTextMap(json: string): Readonly<Record<string, string>> {
  const before = kept.get(json)
  if (before) return before
  if (kept.size >= MOST_KEPT) kept.clear()
  const read = Object.freeze(readAnew(json))
  kept.set(json, read)
  return read
}

function readAnew(json: string): Record<string, string> {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null) throw new TypeError('A column holds no JSON object.')
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}
