import type { ConditionalStore, Stored, Written } from 'ticket-core'
import { sleep } from '../clock/sleep.ts'
import { describeS3Failure, getObject, putObject, type Bucket } from './object-calls.ts'
import type { Read } from './records.ts'

/** Where the items lie and how they are read. */
export interface StoreOptions<Item> extends Bucket {
  /** Begins every key: `ledger/low/`. */
  readonly prefix: string
  readonly readItem: Read<Item>
  /** Whether an item is the one of this key: what lies under another's name is damaged. */
  readonly isOf: (item: Item, key: string) => boolean
  /** Milliseconds that one operation may take, tries included. */
  readonly timeoutMs: number
}

/** Milliseconds for one call, so that a hung one leaves time for a second. */
const ONE_CALL = 2000
/** Before the first further try; doubles from there. */
const PAUSE = 100

/**
 * JSON objects that are only written conditionally. A damaged object is unavailable, not absent, so that it is never
 * written over.
 */
export function createConditionalStore<Item extends { readonly nonce: string }>(
  options: StoreOptions<Item>,
): ConditionalStore<Item> {
  const { clock, prefix, readItem, isOf, timeoutMs } = options
  const keyOf = (key: string): string => `${prefix}${key}.json`

  async function readOnce(key: string, deadline: number): Promise<Stored<Item>> {
    const got = await getObject(options, keyOf(key), Math.min(deadline, clock.monotonic() + ONE_CALL))
    if (got.kind === 'absent') return got
    if (got.kind === 'failed') return { kind: 'unavailable', reason: describeS3Failure(got.failure) }
    const read = readItem(got.text)
    if (!read.ok) return damaged(keyOf(key), read.failure)
    if (!isOf(read.value, key)) return damaged(keyOf(key), 'it names itself otherwise than its object')
    return { kind: 'found', item: read.value, version: got.version }
  }

  async function read(key: string, deadline: number): Promise<Stored<Item>> {
    const found = await readOnce(key, deadline)
    if (found.kind !== 'unavailable' || clock.monotonic() + PAUSE >= deadline) return found
    await sleep(clock, PAUSE)
    return readOnce(key, deadline)
  }

  return {
    read: (key) => read(key, clock.monotonic() + timeoutMs),
    async write(key, item, expected) {
      const deadline = clock.monotonic() + timeoutMs
      const text = JSON.stringify(item)
      for (let pause = PAUSE; ; pause *= 2) {
        const put = await putObject(options, {
          key: keyOf(key),
          text,
          expected,
          deadline: Math.min(deadline, clock.monotonic() + ONE_CALL),
        })
        if (put.kind === 'put' && put.version !== '') return { kind: 'written', version: put.version }
        const failure = put.kind === 'failed' ? put.failure : undefined
        const race = failure?.kind === 'refused' && [404, 409, 412].includes(failure.status)
        if (failure?.kind === 'refused' && !failure.throttled && (!race || failure.name === 'NoSuchBucket'))
          return { kind: 'unavailable', reason: describeS3Failure(failure) }
        const reason = failure ? describeS3Failure(failure) : 'S3 answered a write without a version.'
        const outcome = decideAfterWrite({ found: await read(key, deadline), nonce: item.nonce, expected, reason })
        // Nothing has changed: trying the same write again, with the same nonce, is safe.
        if (outcome !== 'unchanged') return outcome
        if (clock.monotonic() + pause >= deadline) return { kind: 'unavailable', reason }
        await sleep(clock, pause)
      }
    },
  }
}

interface ReadBack<Item> {
  readonly found: Stored<Item>
  readonly nonce: string
  readonly expected: { readonly version: string } | 'absent'
  readonly reason: string
}

/** The outcome of a write that was not clearly answered: with our own nonce in the object, it was written. */
function decideAfterWrite<Item extends { readonly nonce: string }>({
  found,
  nonce,
  expected,
  reason,
}: ReadBack<Item>): Written | 'unchanged' {
  switch (found.kind) {
    case 'unavailable':
      return { kind: 'unavailable', reason: `${reason} Reading it back: ${found.reason}` }
    case 'absent':
      return expected === 'absent' ? 'unchanged' : { kind: 'conflict' }
    case 'found':
      if (found.item.nonce === nonce) return { kind: 'written', version: found.version }
      return expected !== 'absent' && found.version === expected.version ? 'unchanged' : { kind: 'conflict' }
  }
}

/** What cannot be read is unavailable, never absent. */
function damaged(key: string, damage: string): Extract<Stored<never>, { readonly kind: 'unavailable' }> {
  const reason = `The object ${key} is damaged (${damage}); it is left as it is. Restore it.`
  return { kind: 'unavailable', reason, damaged: true }
}
