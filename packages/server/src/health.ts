/** What `/health` says. */
export interface Health {
  /** Names the functions' code that this server was shipped with: whether those that are deployed are of the same release. */
  readonly release?: string
}

export function describeHealth(release: string | undefined): object {
  return { status: 'alive', service: 'ticketing', ...(release !== undefined && { release }) }
}

/** Reads an answer of `/health`; undefined for one that is not of this server. */
export function readHealth(body: string): Health | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const [service, release]: unknown[] = [Reflect.get(value, 'service'), Reflect.get(value, 'release')]
  if (service !== 'ticketing') return undefined
  return typeof release === 'string' && /^[0-9a-f]{12}$/.test(release) ? { release } : {}
}
