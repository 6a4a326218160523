/** A stored JSON object whose values are text. */
export function readTextMap(json: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null) throw new TypeError('A column holds no JSON object.')
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}
