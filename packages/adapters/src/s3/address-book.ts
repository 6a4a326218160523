import { type AddressBook, type KnownPerson, type Marked, PEOPLE, peoplePrefix, personKey } from 'ticket-core'
import { createIndexStore } from './create-index-store.ts'
import type { StoreSettings } from './create-ledger.ts'
import { type Bucket, deleteObject, describeS3Failure, getObject, putObject } from './object-calls.ts'
import { readKnownPerson } from './records.ts'

/** People of one name that are read: with more it is clear that the name alone does not say who. */
const MOST_READ = 5

/** Entries that a process knows to be there, and does not write again. */
const MOST_REMEMBERED = 1000

/** The address book in the bucket. An entry is written once, and never changed: a new name is a new entry. */
export function createAddressBook(settings: StoreSettings): AddressBook {
  const { clock, timeoutMs = 4500 } = settings
  const index = createIndexStore(settings)
  const written = new Set<string>()
  return {
    async remember(team, person): Promise<Marked> {
      const key = personKey(team, person)
      if (written.has(key)) return { kind: 'done' }
      const put = { key, text: JSON.stringify(person), expected: 'absent' } as const
      const done = await putObject(settings, { ...put, deadline: clock.monotonic() + timeoutMs })
      // 412: it was there already.
      if (done.kind === 'failed' && !(done.failure.kind === 'refused' && done.failure.status === 412))
        return { kind: 'unavailable', reason: describeS3Failure(done.failure) }
      if (written.size >= MOST_REMEMBERED) written.clear()
      written.add(key)
      return { kind: 'done' }
    },
    async find(team, name) {
      const page = await index.list(peoplePrefix(team, name), { limit: MOST_READ + 1 })
      if (page.kind === 'unavailable') return page
      // S3 may give less than a page, and say that there is more.
      if (page.keys.length > MOST_READ || !page.isLast) return { kind: 'several' }
      const read = await Promise.all(page.keys.map((key) => readPerson(settings, key)))
      const failed = read.find((one) => one.kind === 'unavailable')
      if (failed) return failed
      return { kind: 'people', people: read.flatMap((one) => (one.kind === 'person' ? one.person : [])) }
    },
  }
}

type ReadPerson =
  | { readonly kind: 'person'; readonly person: KnownPerson }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unavailable'; readonly reason: string }

async function readPerson(settings: StoreSettings, key: string): Promise<ReadPerson> {
  const got = await getObject(settings, key, settings.clock.monotonic() + (settings.timeoutMs ?? 4500))
  if (got.kind === 'absent') return { kind: 'gone' }
  if (got.kind === 'failed') return { kind: 'unavailable', reason: describeS3Failure(got.failure) }
  const person = readKnownPerson(got.text)
  return person.ok ? { kind: 'person', person: person.value } : { kind: 'gone' }
}

/** The result of erasing a person: how many entries are gone, or why not all are. */
export type Erased =
  | { readonly kind: 'erased'; readonly entries: number }
  | { readonly kind: 'unavailable'; readonly reason: string }

const PAGE = 1000
const READ_AHEAD = 16

/** Erases a person from the book of every team, or (`dryRun`) only counts. `isMeant` decides by name and id. Reads the whole book. */
export async function erasePerson(
  bucket: Bucket,
  isMeant: (person: KnownPerson) => boolean,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Erased> {
  const erase = dryRun ? async (): Promise<undefined> => undefined : (key: string) => deleteObject(bucket, key)
  const index = createIndexStore(bucket)
  let entries = 0
  let after: string | undefined
  for (;;) {
    const page = await index.list(PEOPLE, { limit: PAGE, after })
    if (page.kind === 'unavailable') return page
    for (let start = 0; start < page.keys.length; start += READ_AHEAD) {
      const keys = page.keys.slice(start, start + READ_AHEAD)
      const results = await Promise.all(keys.map((key) => eraseIf(bucket, key, { isMeant, erase })))
      const failed = results.find((one) => typeof one === 'string')
      if (failed !== undefined) return { kind: 'unavailable', reason: failed }
      entries += results.filter((one) => one === true).length
    }
    after = page.keys.at(-1)
    if (page.isLast || after === undefined) return { kind: 'erased', entries }
  }
}

/** True when it was erased, else the reason why it could not be read or erased. */
async function eraseIf(
  bucket: Bucket,
  key: string,
  {
    isMeant,
    erase,
  }: {
    readonly isMeant: (person: KnownPerson) => boolean
    readonly erase: (key: string) => Promise<string | undefined>
  },
): Promise<boolean | string> {
  const read = await readPerson(bucket, key)
  if (read.kind === 'unavailable') return read.reason
  if (read.kind === 'gone' || !isMeant(read.person)) return false
  return (await erase(key)) ?? true
}
