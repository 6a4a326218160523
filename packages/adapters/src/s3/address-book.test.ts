import { PEOPLE } from 'ticket-core'
import { expect, test } from 'vitest'
import { s3Error } from '../../test/fake-aws.ts'
import { BUCKET, startBucket, type TestBucket } from '../../test/start-bucket.ts'
import { createAddressBook, createIndexStore, erasePerson } from './index.ts'

const ADA = { v: 1, name: 'Ada Lovelace', id: 'ada' } as const
const OLA = { v: 1, name: 'Nordmann, Ola', id: 'ola' } as const

const storeOf = ({ client, clock }: TestBucket): Parameters<typeof createAddressBook>[0] => ({
  client,
  bucket: BUCKET,
  clock,
})

/** All keys: a page of the test's bucket has two. */
async function keysOf(s3: TestBucket): Promise<readonly string[]> {
  const keys: string[] = []
  for (;;) {
    const page = await createIndexStore(storeOf(s3)).list('', { limit: 100, after: keys.at(-1) })
    if (page.kind === 'unavailable') throw new Error(page.reason)
    keys.push(...page.keys)
    if (page.isLast) return keys
  }
}

test('a person is found by the whole name in any order, and by the first name; never in another team', async () => {
  const s3 = await startBucket()
  const book = createAddressBook(storeOf(s3))
  for (const person of [ADA, OLA]) expect(await book.remember('team', person)).toEqual({ kind: 'done' })
  for (const name of ['Ada Lovelace', '  ada   LOVELACE ', 'Lovelace, Ada', '@Ada'])
    expect(await book.find('team', name)).toEqual({ kind: 'people', people: [ADA] })
  for (const name of ['Ola Nordmann', 'ola'])
    expect(await book.find('team', name)).toEqual({ kind: 'people', people: [OLA] })
  for (const name of ['Lovelace', 'Ada Byron', 'Ad', ''])
    expect(await book.find('team', name)).toEqual({ kind: 'people', people: [] })
  expect(await book.find('other', 'Ada')).toEqual({ kind: 'people', people: [] })
  for (const key of await keysOf(s3)) expect(key).toMatch(/^people(?:\/[0-9a-f]{32}){4}\.json$/)
})

test('an entry is written once by a process, and a second one changes nothing', async () => {
  const s3 = await startBucket()
  const book = createAddressBook(storeOf(s3))
  await book.remember('team', ADA)
  await book.remember('team', ADA)
  expect(s3.calls).toEqual(['PUT'])
  const [key = ''] = await keysOf(s3)
  const before = await s3.version(key)
  expect(await createAddressBook(storeOf(s3)).remember('team', { ...ADA, name: 'ADA LOVELACE' })).toEqual({
    kind: 'done',
  })
  expect(await s3.version(key)).toBe(before)
})

test('several people of a name are all found, or said to be several where a page does not hold them', async () => {
  const s3 = await startBucket()
  const book = createAddressBook(storeOf(s3))
  for (const id of ['1', '2']) await book.remember('team', { ...ADA, id })
  expect(await book.find('team', 'Ada')).toMatchObject({ kind: 'people', people: [{}, {}] })
  await book.remember('team', { ...ADA, id: '3' })
  expect(await book.find('team', 'Ada')).toEqual({ kind: 'several' })
})

test('what cannot be read or written is unavailable, and says why', async () => {
  const book = storeOf(await startBucket(() => s3Error('AccessDenied', 403)))
  expect(await createAddressBook(book).remember('team', ADA)).toMatchObject({
    kind: 'unavailable',
    reason: expect.stringContaining('AccessDenied'),
  })
  expect(await createAddressBook(book).find('team', 'Ada')).toMatchObject({ kind: 'unavailable' })
  expect(await erasePerson(book, () => true)).toMatchObject({ kind: 'unavailable' })
})

test('a person is erased under every name and in every team, and no other person is', async () => {
  const s3 = await startBucket()
  const book = createAddressBook(storeOf(s3))
  for (const team of ['a', 'b', 'c']) await book.remember(team, ADA)
  await book.remember('a', { ...ADA, name: 'Ada King' })
  await book.remember('a', OLA)
  expect(await erasePerson(storeOf(s3), ({ id }) => id === 'ada')).toEqual({ kind: 'erased', entries: 4 })
  const [left = '', ...others] = await keysOf(s3)
  expect([left.startsWith(PEOPLE), others]).toEqual([true, []])
  expect(JSON.parse((await s3.text(left)) ?? '')).toEqual(OLA)
})
