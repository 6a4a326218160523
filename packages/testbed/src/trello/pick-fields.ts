type Json = Readonly<Record<string, unknown>>

/** `fields=name,closed`: those and the id; `all` or nothing asked: everything. `undefined` for a field that does not exist. */
export function pickFields(
  items: readonly Json[],
  fields: string | null,
  known: readonly string[],
): readonly Json[] | undefined {
  if (fields === null || fields === '' || fields === 'all') return items
  const names = fields.split(',').map((name) => name.trim())
  if (!names.every((name) => known.includes(name))) return undefined
  const wanted = new Set(['id', ...names])
  return items.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))))
}
