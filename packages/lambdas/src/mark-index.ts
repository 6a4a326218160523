import { type Case, type IndexStore, type Marked, isStaleKey } from 'ticket-core'

/** What keeping the index needs. */
export interface IndexPorts {
  readonly index: IndexStore
}

/** Puts the markers of a case: before the case is written, so that no list ever misses it. */
export async function putMarkers({ index }: IndexPorts, keys: Iterable<string>): Promise<Marked> {
  return allDone([...keys].map((key) => index.put(key)))
}

/** Removes those of the markers that a case, as it was read or written, makes stale. */
export async function removeStaleMarkers({ index }: IndexPorts, keys: Iterable<string>, known: Case): Promise<Marked> {
  return allDone([...keys].filter((key) => isStaleKey(key, known)).map((key) => index.remove(key)))
}

async function allDone(marking: readonly Promise<Marked>[]): Promise<Marked> {
  return (await Promise.all(marking)).find(({ kind }) => kind === 'unavailable') ?? { kind: 'done' }
}
