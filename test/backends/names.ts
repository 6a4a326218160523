/** A run's first part of every name: `test-` and when it began, so that what a killed run left is known for what it is. */
export function nameRun(now: number): string {
  return `test-${now.toString(36)}`
}

/** The run's part and eight characters of a testbed's own; the secret's name has the product's name in front. */
const PREFIX = /^(?:ticketing-app-)?((test-([0-9a-z]{8}))-[0-9a-f]{8})(?:-.+)?$/

/** What the name of a resource says of the run that made it; undefined: it is none of a test's. */
export function readName(name: string): { prefix: string; run: string; startedAt: number } | undefined {
  const [, prefix, run, started] = PREFIX.exec(name) ?? []
  if (prefix === undefined || run === undefined || started === undefined) return undefined
  return { prefix, run, startedAt: Number.parseInt(started, 36) }
}

/** The secret that a testbed of this prefix has in another cloud. */
export function secretOf(prefix: string): string {
  return `ticketing-app-${prefix}`
}
