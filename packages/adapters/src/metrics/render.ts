/** `{a="1",b="2"}` in the order of the labels' names, or nothing when there are none. */
export function renderLabels(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).toSorted()
  if (names.length === 0) return ''
  return `{${names.map((name) => `${name}="${escapeLabel(labels[name] ?? '')}"`).join(',')}}`
}

/** A number as Prometheus reads it. */
export function renderNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}

/** Backslash, double quote and line feed are escaped; a carriage return has no escape and would end a line for some. */
function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', ' ')
}
