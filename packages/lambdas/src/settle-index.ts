import {
  type Case,
  type CaseStore,
  type Conflict,
  type Found,
  type IndexStore,
  indexKeysOf,
  retryOnConflict,
} from 'ticket-core'

/** What keeping the index needs of the world. */
export interface IndexPorts {
  readonly index: IndexStore
  readonly cases: CaseStore
}

export type Settled = { readonly kind: 'settled' } | { readonly kind: 'unavailable'; readonly reason: string }

const SETTLED: Settled = { kind: 'settled' }

/** Puts those of the markers that are true of a case. Done before the case is written, so that none is ever missing. */
export async function putMarkers({ index }: IndexPorts, keys: ReadonlySet<string>, known: Case): Promise<Settled> {
  const current = indexKeysOf(known)
  return allDone([...keys].filter((key) => current.has(key)).map((key) => index.put(key)))
}

/**
 * Makes these markers true of the case as it was last read or written: puts them, or removes them. Then the case is read
 * again: in another version it may be that a marker was removed that another writer had just put, and all is done again.
 */
export async function settleIndex(
  ports: IndexPorts,
  keys: ReadonlySet<string>,
  stored: Pick<Found<Case>, 'item' | 'version'>,
): Promise<Settled> {
  if (keys.size === 0) return SETTLED
  let { item, version } = stored
  const attempt = async (): Promise<Settled | Conflict> => {
    const current = indexKeysOf(item)
    const marked = await allDone(
      [...keys].map((key) => (current.has(key) ? ports.index.put(key) : ports.index.remove(key))),
    )
    if (marked.kind === 'unavailable') return marked
    const again = await ports.cases.read(item.id)
    if (again.kind === 'unavailable') return again
    if (again.kind === 'absent') return { kind: 'unavailable', reason: 'The case is gone.' }
    if (again.version === version) return SETTLED
    ;({ item, version } = again)
    return { kind: 'conflict' }
  }
  return retryOnConflict<Settled>(attempt, () => ({
    kind: 'unavailable',
    reason: 'The case is written again and again.',
  }))
}

async function allDone(marking: readonly ReturnType<IndexStore['put']>[]): Promise<Settled> {
  const failed = (await Promise.all(marking)).find((marked) => marked.kind === 'unavailable')
  return failed ?? SETTLED
}
