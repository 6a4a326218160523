import { stat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCaseStore, createIndexStore } from 'ticket-adapters/s3'
import { addEvent, indexKeysOf } from 'ticket-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildEvent } from '../support/records.ts'
import { makeFolder } from './start-command.ts'
import { startTicketCloud, type TicketCloud } from './ticket-cloud.ts'

let cloud: TicketCloud
beforeEach(async () => {
  cloud = await startTicketCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

/** Takes keys out of the index, as a person by hand would. */
async function lose(keys: Iterable<string>): Promise<void> {
  const index = createIndexStore(cloud.store)
  for (const key of keys) await index.remove(key)
}

/** The key of another version of a case. */
const ofVersion = (key: string, version: number): string => key.replace(/\d+$/, String(version))

describe('tickets reindex', () => {
  it('puts what is missing and removes what is stale; a second run has nothing to do', async () => {
    const open = await cloud.keep(1, { priority: 'high' })
    const taken = await cloud.keep(2, { changes: [{ kind: 'taken' }] })
    const whole = await cloud.indexKeys()
    await lose(indexKeysOf(open))
    const [stale = ''] = indexKeysOf(taken)
    await cloud.mark(ofVersion(stale, 0))
    const before = await cloud.objects()
    const dry = await cloud.run('tickets reindex --dry-run')
    expect(dry.said.at(-1)).toBe('2 cases: 2 keys would be put, 1 would be removed')
    expect(await cloud.objects()).toEqual(before)

    const { code, said } = await cloud.run('tickets reindex')
    expect([code, said.at(-1)]).toEqual([0, '2 cases: 2 keys put, 1 removed'])
    expect(await cloud.indexKeys()).toEqual(whole)
    const again = await cloud.run('tickets reindex --json')
    expect(again.said).toHaveLength(1)
    expect(JSON.parse(again.said[0] ?? '')).toMatchObject({ cases: 2, put: 0, removed: 0, unreadable: [] })
  })

  it('leaves keys of a later version and of a ticket without a case: a writer is about to write them', async () => {
    const known = await cloud.keep(1)
    const [key = ''] = indexKeysOf(known)
    const later = [ofVersion(key, 1), key.replace(known.id, 'T-00000-00001')]
    for (const one of later) await cloud.mark(one)
    const { said } = await cloud.run('tickets reindex')
    expect(said.slice(-2)).toEqual([
      '1 case: 0 keys put, 0 removed',
      '1 key without a case stay: the ticket may be on its way',
    ])
    expect(await cloud.indexKeys()).toEqual(expect.arrayContaining(later))
  })

  it('beside a writer: what it made stale while the key was put is removed again, and nothing is missing', async () => {
    const known = await cloud.keep(1)
    await lose(indexKeysOf(known))
    const closed = addEvent(known, buildEvent(known.ticket, { kind: 'closed' }), 'closed')
    const index = createIndexStore(cloud.store)
    const cases = createCaseStore(cloud.store)
    let isWritten = false
    cloud.interceptCalls(async ({ operation }, _input, run) => {
      if (operation === 'PutObject' && !isWritten) {
        isWritten = true
        // Line 4, in its order: put, write, remove.
        for (const key of indexKeysOf(closed)) await index.put(key)
        const stored = await cases.read(known.id)
        if (stored.kind === 'found') await cases.write(known.id, closed, { version: stored.version })
        await lose(indexKeysOf(known))
      }
      return run()
    })
    expect(await cloud.run('tickets reindex')).toMatchObject({ code: 0 })
    expect(await cloud.indexKeys()).toEqual([...indexKeysOf(closed)])
  })

  it('names a case that it cannot read, repairs the others, and leaves the keys of the damaged one', async () => {
    const known = await cloud.keep(1)
    const damaged = await cloud.keep(2)
    await cloud.damage(damaged.id, '{', 'cases/')
    await lose(indexKeysOf(known))
    const { code, output } = await cloud.run('tickets reindex')
    expect(code).toBe(1)
    expect(output).toContain(`${damaged.id} cannot be read: The object cases/${damaged.id}.json is damaged`)
    expect(output).toContain('1 case: 2 keys put, 0 removed\n')
    expect((await cloud.indexKeys()).length).toBe(4)
  })
})

describe('tickets export', () => {
  it('prints whole cases as JSON lines in ASCII; --team and ids choose', async () => {
    const one = await cloud.keep(1, { ticket: { title: 'Ærø\u202e' }, changes: [{ kind: 'taken' }] })
    const other = await cloud.keep(2, { ticket: { teamId: 'team-2' } })
    const { code, said } = await cloud.run('tickets export')
    expect(code).toBe(0)
    expect(said.join('\n')).toMatch(/^[\x20-\x7e\n]+$/)
    const cases = said.map((line): unknown => JSON.parse(line))
    expect(cases).toEqual(expect.arrayContaining([one, other]))
    expect((await cloud.run('tickets export --team team-2')).said.map((line) => JSON.parse(line))).toEqual([other])
    expect((await cloud.run(`tickets export ${one.id}`)).said.map((line) => JSON.parse(line))).toEqual([one])
    expect(await cloud.run(`tickets export ${one.id} --team team-2`)).toMatchObject({ code: 2 })
  })

  it('--to: into a new file that only its owner can read; one that is there is left as it is', async () => {
    await using folder = await makeFolder()
    const known = await cloud.keep(1)
    const run = (): ReturnType<TicketCloud['run']> =>
      cloud.run('tickets export --to tickets.jsonl', { cwd: folder.path })
    expect((await run()).said).toEqual(['1 ticket written to tickets.jsonl'])
    const path = join(folder.path, 'tickets.jsonl')
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(known)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await run()).output).toContain('tickets.jsonl is there already')
  })
})
