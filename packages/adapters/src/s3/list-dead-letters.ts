import type { DeadLetter } from 'ticket-core'
import { createDeadLetterArchive, DEAD_LETTERS } from './create-ledger.ts'
import { type Bucket, listPage } from './object-calls.ts'

/**
 * One dead letter; one that cannot be read; or the end of a listing that failed (nothing follows, and the letters
 * before are not all).
 */
export type ListedLetter =
  | { readonly kind: 'letter'; readonly key: string; readonly letter: DeadLetter; readonly version: string }
  | { readonly kind: 'unreadable'; readonly key: string; readonly reason: string }
  | { readonly kind: 'broken-off'; readonly reason: string }

/** Objects that are read at the same time. */
const READ_AHEAD = 16

/** All dead letters in order of their keys, page by page as they are asked for. */
export async function* listDeadLetters(bucket: Bucket): AsyncGenerator<ListedLetter, void> {
  const archive = createDeadLetterArchive(bucket)
  let token: string | undefined
  do {
    const page = await listPage(bucket, DEAD_LETTERS, token)
    if (page.kind === 'broken-off') {
      yield page
      return
    }
    for (let start = 0; start < page.keys.length; start += READ_AHEAD) {
      const keys = page.keys.slice(start, start + READ_AHEAD)
      yield* await Promise.all(keys.map((key) => readLetter(archive, key)))
    }
    token = page.next
  } while (token !== undefined)
}

async function readLetter(archive: ReturnType<typeof createDeadLetterArchive>, key: string): Promise<ListedLetter> {
  const stored = await archive.read(key)
  switch (stored.kind) {
    case 'found':
      return { kind: 'letter', key, letter: stored.item, version: stored.version }
    case 'absent':
      return { kind: 'unreadable', key, reason: 'It was there when the list was made, and is gone.' }
    case 'unavailable':
      return { kind: 'unreadable', key, reason: stored.reason }
  }
}
