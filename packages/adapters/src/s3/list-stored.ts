import { type Case, type ConditionalStore, type DeadLetter, CASES } from 'ticket-core'
import { createCaseStore, createDeadLetterArchive, DEAD_LETTERS } from './create-ledger.ts'
import { type Bucket, listPage } from './object-calls.ts'

/**
 * One object of a store; one that cannot be read; or the end of a listing that failed (nothing follows, and the objects
 * before are not all).
 */
export type Listed<Item> =
  | { readonly kind: 'item'; readonly key: string; readonly item: Item; readonly version: string }
  | { readonly kind: 'unreadable'; readonly key: string; readonly reason: string }
  | { readonly kind: 'broken-off'; readonly reason: string }

/** Objects that are read at the same time. */
const READ_AHEAD = 16

/** All dead letters in order of their keys, page by page as they are asked for. */
export function listDeadLetters(bucket: Bucket): AsyncGenerator<Listed<DeadLetter>, void> {
  return listStored(bucket, DEAD_LETTERS, createDeadLetterArchive(bucket))
}

/** The same for the cases of all tickets. */
export function listCases(bucket: Bucket): AsyncGenerator<Listed<Case>, void> {
  return listStored(bucket, CASES, createCaseStore(bucket))
}

async function* listStored<Item>(
  bucket: Bucket,
  prefix: string,
  store: Pick<ConditionalStore<Item>, 'read'>,
): AsyncGenerator<Listed<Item>, void> {
  let token: string | undefined
  do {
    const page = await listPage(bucket, prefix, token)
    if (page.kind === 'broken-off') {
      yield page
      return
    }
    for (let start = 0; start < page.keys.length; start += READ_AHEAD) {
      const keys = page.keys.slice(start, start + READ_AHEAD)
      yield* await Promise.all(keys.map((key) => readOne(store, key)))
    }
    token = page.next
  } while (token !== undefined)
}

async function readOne<Item>(store: Pick<ConditionalStore<Item>, 'read'>, key: string): Promise<Listed<Item>> {
  const stored = await store.read(key)
  switch (stored.kind) {
    case 'found':
      return { kind: 'item', key, item: stored.item, version: stored.version }
    case 'absent':
      return { kind: 'unreadable', key, reason: 'It was there when the list was made, and is gone.' }
    case 'unavailable':
      return { kind: 'unreadable', key, reason: stored.reason }
  }
}
