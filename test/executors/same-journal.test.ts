import { loadBundles } from '@ticketing/lambdas'
import { startTestbed, type Fault, type Testbed } from '@ticketing/testbed'
import { expect, it } from 'vitest'
import { REAL_TIME } from '../support/backend.ts'
import { acceptedId, recordOf } from '../support/bed.ts'
import { describeJournal, type Account } from './describe-journal.ts'

interface Scene {
  readonly name: string
  readonly priority: 'low' | 'medium' | 'high'
  readonly ends: 'delivered' | 'dead'
  readonly fault?: Fault
}

/**
 * One ticket after the other, each to its end, so that what happens first does not depend on the machine. Those for Slack
 * are apart, since it takes one message in two seconds.
 */
const SCENES: readonly Scene[] = [
  { name: 'high', priority: 'high', ends: 'delivered' },
  { name: 'low', priority: 'low', ends: 'delivered' },
  { name: 'medium', priority: 'medium', ends: 'delivered' },
  {
    name: 'refused for good',
    priority: 'medium',
    ends: 'dead',
    fault: { at: 'trello.createCard', kind: '4xx', status: 400, body: 'invalid value for name', times: 1 },
  },
  {
    name: 'refused for a second',
    priority: 'high',
    ends: 'delivered',
    fault: { at: 'slack.postMessage', kind: '429', retryAfter: 1, times: 1 },
  },
]

async function play(bed: Testbed): Promise<Account> {
  const names = new Map<string, string>()
  for (const { name, priority, ends, fault } of SCENES) {
    if (fault) bed.faults.add(fault)
    const activity = bed.teams.compose([`Title: ${name}`, `Priority: ${priority}`, 'Description: The same on both.'])
    const id = acceptedId(await bed.teams.post(activity))
    // Sent again, and known.
    expect(acceptedId(await bed.teams.post(activity))).toBe(id)
    names.set(id, `<${name}>`)
    await recordOf(bed, id, ends)
    // The admin was notified of a death when its letter is acknowledged, too.
    const queues = ends === 'dead' ? 2 : 1
    await bed.journal.until(
      { source: 'sqs', kind: 'message-deleted', ticket: id },
      { count: queues, timeoutMs: 60_000 },
    )
  }
  return describeJournal(bed.journal.entries, names)
}

it(
  'functions in this process on a virtual clock, and in processes of their own on the real one, do the same',
  REAL_TIME,
  async () => {
    await using inline = await startTestbed({ clock: 'virtual' })
    await using processes = await startTestbed({ bundles: await loadBundles() })
    const [expected, seen] = [await play(inline), await play(processes)]
    expect(Object.keys(expected)).toEqual(SCENES.map(({ name }) => `<${name}>`))
    expect(expected['<refused for good>']).toMatchObject({ trello: expect.any(Array), slack: expect.any(Array) })
    expect(seen).toEqual(expected)
  },
)
