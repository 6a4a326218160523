import { AwsError } from '@ticketing/local-aws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetter } from 'ticket-core'
import { buildLetter, buildRecord, START } from '../support/records.ts'
import { type DeadLetterCloud, buildUnreadable, startDeadLetterCloud } from './dead-letter-cloud.ts'

let cloud: DeadLetterCloud
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

/** Letters with the ledger's record of each. */
async function archive(count: number, change: Partial<DeadLetter> = {}): Promise<DeadLetter[]> {
  const letters = Array.from({ length: count }, (_, number) => buildLetter(number, change))
  await cloud.archive(...letters)
  await cloud.record(...letters.map((letter) => buildRecord(letter)))
  return letters
}

/** Ids of the tickets in the queue. */
async function takeIds(): Promise<string[]> {
  const bodies = await cloud.takeQueued()
  return bodies.map((body) => /"id":"(T-[^"]+)"/.exec(body)?.[1] ?? '')
}

it('all: each is sent once, and a second run says that it has nothing to do', async () => {
  const letters = await archive(20)
  const first = await cloud.run('dead-letters redrive --all')
  expect(first.code).toBe(0)
  expect(first.output).toMatch(/^account 000000000000, region us-east-1, prefix acme at http/)
  expect(first.said.at(-1)).toBe('20 of 20 redriven')
  expect((await takeIds()).toSorted()).toEqual(letters.map(({ key }) => key).toSorted())
  const second = await cloud.run('dead-letters redrive --all')
  expect(second).toMatchObject({ code: 0 })
  expect(second.said.at(-1)).toBe('nothing to redrive: no dead ticket or event waits')
  expect(await takeIds()).toEqual([])
})

it('of one cause does not touch the others', async () => {
  await archive(3)
  await cloud.archive(buildLetter(10, { cause: { code: 'slack-404', reason: 'slack answered 404: no_service.' } }))
  const { said } = await cloud.run('dead-letters redrive --cause slack-404')
  expect(said.at(-1)).toBe('1 of 1 redriven')
  expect(await takeIds()).toEqual([buildLetter(10).key])
  expect((await cloud.run('dead-letters redrive --cause slack-404')).output).toContain(
    'no letter has the cause "slack-404"; these are the causes:\n  trello-400 (3 letters)\n',
  )
})

it('--dry-run says the same, sends nothing and writes nothing', async () => {
  await archive(3)
  const delivered = buildLetter(5)
  await cloud.archive(delivered)
  await cloud.record(buildRecord(delivered, { state: 'delivered', deliveredAt: START }))
  const before = await cloud.objects()
  const { code, said } = await cloud.run('dead-letters redrive --all --dry-run')
  expect(code).toBe(0)
  expect(said).toContain(`${buildLetter(1).key}  would go on its way again, in life 1`)
  expect(said.at(-1)).toBe('3 of 4 would be redriven')
  expect(await takeIds()).toEqual([])
  expect(await cloud.objects()).toEqual(before)
})

describe('refused is', () => {
  it('a ticket that the ledger shows as delivered; its letter does not wait any more', async () => {
    const letter = buildLetter(1)
    await cloud.archive(letter)
    await cloud.record(buildRecord(letter, { state: 'delivered', life: 1, deliveredAt: START }))
    const { code, output } = await cloud.run(`dead-letters redrive ${letter.key}`)
    expect(code).toBe(1)
    expect(output).toContain(`${letter.key}  refused: the ledger shows ${letter.key} as delivered`)
    expect(await takeIds()).toEqual([])
    expect((await cloud.run('dead-letters list')).output).toBe('no dead letters are waiting\n')
  })

  it('an id that is not in the archive, while the others are sent', async () => {
    await archive(1)
    const { code, said } = await cloud.run(`dead-letters redrive T-00000-00000 ${buildLetter(0).key}`)
    expect(code).toBe(1)
    expect(said).toContain('T-00000-00000  refused: there is no dead letter T-00000-00000')
    expect(said.at(-1)).toBe('1 of 2 redriven')
  })

  it('a message without a ticket, or with the id of another one: --all says so and sends the rest', async () => {
    await archive(2)
    const collision = buildLetter(8, { key: 'collision-0123456789abcdef', kind: 'collision' })
    await cloud.archive(buildUnreadable('a', 'x'), buildUnreadable('b', 'y'), collision)
    const all = await cloud.run('dead-letters redrive --all')
    expect(all.output).toContain('3 letters cannot be redriven: 2 without a ticket, 1 under the id of another ticket.')
    expect(all).toMatchObject({ code: 0 })
    expect(all.said.at(-1)).toBe('2 of 2 redriven')
    const named = await cloud.run(`dead-letters redrive unreadable-aaaaaaaaaaaaaaaa ${collision.key}`)
    expect(named.code).toBe(1)
    expect(named.output).toContain('refused: unreadable-aaaaaaaaaaaaaaaa holds no ticket that could be delivered')
    expect(named.output).toContain('ask its sender to write it again')
  })
})

it('says which tickets may be delivered already', async () => {
  await archive(1, { mayBeDelivered: true })
  const { output } = await cloud.run('dead-letters redrive --all')
  expect(output).toContain('on its way again, in life 1; it may have been delivered: it is looked for first, or marked')
})

it('can be interrupted: it says how many it sent, and the next run sends the rest', async () => {
  const letters = await archive(40)
  const stop = new AbortController()
  let lines = 0
  const first = await cloud.run('dead-letters redrive --all', {
    stop: stop.signal,
    onLine(line) {
      if (line.includes('on its way') && (lines += 1) === 10) stop.abort()
    },
  })
  const sent = await takeIds()
  expect(first.code).toBe(1)
  expect(first.output).toContain(`interrupted: ${sent.length} of 40 redriven; run it again for the rest\n`)
  expect(sent.length).toBeGreaterThanOrEqual(10)
  expect(sent.length).toBeLessThan(20)
  const second = await cloud.run('dead-letters redrive --all')
  expect(second.said.at(-1)).toBe(`${40 - sent.length} of ${40 - sent.length} redriven`)
  expect([...sent, ...(await takeIds())].toSorted()).toEqual(letters.map(({ key }) => key).toSorted())
})

it('loses nothing when killed: the next run sends the rest, and those that were not marked', async () => {
  const letters = await archive(60)
  await using redrive = cloud.start('dead-letters redrive --all')
  let marks = 0
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation !== 'PutObject' || (marks += 1) !== 20) return run()
    redrive.kill('SIGKILL')
    await redrive.ended
    throw new AwsError('InternalError', 'the mark of this one is lost', { status: 500 })
  })
  expect(await redrive.ended).toMatchObject({ signal: 'SIGKILL' })
  cloud.interceptCalls(undefined)
  const second = await cloud.run('dead-letters redrive --all')
  expect(second.code, second.output).toBe(0)
  const sent = await takeIds()
  expect([...new Set(sent)].toSorted()).toEqual(letters.map(({ key }) => key).toSorted())
  // Twice only at the kill: sent, and not marked.
  expect(sent.length).toBeGreaterThan(60)
  expect(sent.length).toBeLessThanOrEqual(60 + 8)
  expect((await cloud.run('dead-letters redrive --all')).output).toContain('nothing to redrive')
})

it('says which letter could not be marked, and marks it in the next run', async () => {
  await archive(3)
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation === 'PutObject') throw new AwsError('AccessDenied', 'no', { status: 403 })
    return run()
  })
  const first = await cloud.run('dead-letters redrive --all')
  expect(first.output).toContain('on its way again, in life 1 (its archive could not be marked: run it again)')
  cloud.interceptCalls(undefined)
  expect((await cloud.run('dead-letters redrive --all')).said.at(-1)).toBe('3 of 3 redriven')
  // Two messages of one life: the ledger admits one of them.
  expect(new Set(await takeIds()).size).toBe(3)
  expect((await cloud.run('dead-letters redrive --all')).output).toContain('nothing to redrive')
})

/** Redrives while another writer changes the only letter, between read and mark. */
async function redriveWhile(change: Partial<DeadLetter>): Promise<DeadLetter | undefined> {
  const [letter] = await archive(1)
  const key = letter?.key ?? ''
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation === 'SendMessage' || operation === 'SendMessageBatch') await cloud.change(key, change)
    return run()
  })
  expect((await cloud.run('dead-letters redrive --all')).said.at(-1)).toBe('1 of 1 redriven')
  return cloud.letter(key)
}

describe('meanwhile', () => {
  it('a notice is sent: the letter is marked too, and not sent a second time', async () => {
    expect(await redriveWhile({ toldAt: START + 9000 })).toMatchObject({
      toldAt: START + 9000,
      redrivenAt: expect.any(Number),
    })
    expect((await cloud.run('dead-letters redrive --all')).said.at(-1)).toBe(
      'nothing to redrive: no dead ticket or event waits',
    )
  })

  it('the ticket becomes a dead letter again: its new letter is not changed', async () => {
    expect(await redriveWhile({ life: 1 })).not.toHaveProperty('redrivenAt')
  })
})

it('gives up when the queue refuses everything, and sends all in the next run', async () => {
  await archive(60)
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation === 'SendMessageBatch' || operation === 'SendMessage')
      throw new AwsError('AccessDenied', 'no', { status: 403 })
    return run()
  })
  const first = await cloud.run('dead-letters redrive --all')
  expect(first.code).toBe(1)
  expect(first.output).toContain('given up after 16 failures in a row: 0 of 60 redriven; run it again for the rest')
  expect(first.output).toMatch(/^T-\S+ {2}not sent: .*AccessDenied.* Run it again$/m)
  cloud.interceptCalls(undefined)
  expect((await cloud.run('dead-letters redrive --all')).said.at(-1)).toBe('60 of 60 redriven')
  expect(await takeIds()).toHaveLength(60)
})

it('of many prints a few lines and its progress', async () => {
  await archive(70)
  const { said, passing } = await cloud.run('dead-letters redrive --all')
  expect(said.slice(-2)).toEqual(['… and 50 more', '70 of 70 redriven'])
  expect(said.length).toBeLessThan(30)
  expect(passing).toContain('redriven 70 of 70')
})
