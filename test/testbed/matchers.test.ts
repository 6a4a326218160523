import { startTestbed, type Fault, type VirtualTestbed } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId } from '../support/bed.ts'

async function deliver(
  priority: string,
  ...faults: Fault[]
): Promise<{ bed: VirtualTestbed; id: string } & AsyncDisposable> {
  const bed = await startTestbed({ clock: 'virtual' })
  for (const fault of faults) bed.faults.add(fault)
  const id = acceptedId(await bed.teams.send({ title: 'Login page is blank', priority, description: 'White.' }))
  await bed.clock.runUntilQuiet()
  return { bed, id, [Symbol.asyncDispose]: () => bed.stop() }
}

/** The error of a matcher. */
function complaint(check: () => void): string {
  try {
    check()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('the matcher did not fail')
}

describe('toHaveDelivered', () => {
  it.each([
    ['low', { s3: 1 }],
    ['medium', { trello: 1 }],
    ['high', { slack: 1 }],
  ] as const)('a %s ticket once, and nowhere else', async (priority, places) => {
    await using done = await deliver(priority)
    expect(done.bed).toHaveDelivered(done.id, places)
    expect(done.bed).not.toHaveDelivered(done.id, { s3: 1, trello: 1, slack: 1 })
    expect(done.bed).not.toHaveDelivered(done.id, {})
  })

  it('counts a possible repeat, and shows the timeline of the ticket when it fails', async () => {
    await using done = await deliver('high', { at: 'slack.postMessage', kind: 'timeout-after-effect', times: 1 })
    expect(done.bed).toHaveDelivered(done.id, { slack: 2 })
    const said = complaint(() => expect(done.bed).toHaveDelivered(done.id, { slack: 1 }))
    expect(said.split('\n')[0]).toBe(
      `expected ${done.id} to be delivered to Slack once, and nowhere else; it was delivered to Slack 2 times, and nowhere else. What happened:`,
    )
    expect(said).toMatch(/\+0 ms {2}teams {5}sent activity/)
    expect(said).toMatch(/fault {5}timeout-after-effect at slack\.postMessage/)
    expect(said).toMatch(/\+1 m \d\d s {2}slack {5}message-posted in tickets: "/)
    expect(said).not.toMatch(/RequestId|metric|messageId/)
  })

  it('says nowhere for a dead letter; toHaveNotifiedAdmin counts its notices', async () => {
    await using done = await deliver('medium', { at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    expect(done.bed).toHaveDelivered(done.id, {})
    expect(done.bed).toHaveNotifiedAdmin(done.id)
    const said = complaint(() => expect(done.bed).toHaveNotifiedAdmin(done.id, 0))
    expect(said).toContain(
      `expected admins to be notified of ${done.id} never; they were notified once. What happened:`,
    )
    expect(complaint(() => expect(done.bed).toHaveDelivered(done.id, { trello: 1 }))).toContain(
      'it was delivered nowhere.',
    )
  })
})

describe('an impossible expectation fails, with `not` too', () => {
  it('of an unknown ticket', async () => {
    await using done = await deliver('low')
    const said = `this testbed knows no ticket 'T-00000-00000', but of ${done.id}. Take the id from a reply`
    expect(() => expect(done.bed).toHaveDelivered('T-00000-00000', {})).toThrow(said)
    expect(() => expect(done.bed).not.toHaveDelivered('T-00000-00000', { s3: 1 })).toThrow(said)
    expect(() => expect(done.bed).toHaveNotifiedAdmin('T-00000-00000', 0)).toThrow(said)
  })

  it('of an unknown place, and of a wrong count', async () => {
    await using done = await deliver('low')
    const misspelt: object = { s3: 1, treelo: 1 }
    expect(() => expect(done.bed).not.toHaveDelivered(done.id, misspelt)).toThrow(
      'toHaveDelivered knows no place "treelo": it takes s3, trello, slack.',
    )
    // Plain JavaScript and Vitest do not check types.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(() => expect(done.bed).toHaveDelivered(done.id, undefined as never)).toThrow('such as { trello: 1 }')
    expect(() => expect(done.bed).not.toHaveDelivered(done.id, { s3: -1 })).toThrow(
      'toHaveDelivered counts s3 in whole numbers from 0, not in -1.',
    )
  })

  it('of a value that is not a testbed', () => {
    expect(() => expect({}).toHaveDelivered('T-00000-00000', {})).toThrow(
      'toHaveDelivered is about a testbed, which startTestbed returns; this is not one: {}.',
    )
    expect(() => expect(Promise.resolve()).not.toHaveNotifiedAdmin('T-00000-00000')).toThrow('Await it first.')
  })
})
