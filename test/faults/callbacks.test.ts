import { startTestbed, type Fault, type VirtualTestbed } from '@ticketing/testbed'
import { stateOf, type TicketState } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { acceptedId, caseOf } from '../support/bed.ts'
import { rowsOf, type Outcomes } from './play.ts'

/** What became of one thing that a person did at a vendor. */
interface Heard {
  /** Events in the ticket's case. */
  readonly events: number
  readonly status: TicketState['status']
}

const ONCE: Heard = { events: 1, status: 'closed' }
const NEVER: Heard = { events: 0, status: 'open' }
const CARD = { at: 'callback.trello', times: 1 } as const
const PRESS = { at: 'callback.slack', times: 1 } as const

/** Trello sends again what was not answered with 200, after 30, 60 and 120 s; then the event is lost. */
const TRELLO: Outcomes<'callback.trello', Heard> = {
  '429': [[{ ...CARD, kind: '429' }, ONCE]],
  '5xx': [
    [{ ...CARD, kind: '5xx', times: 3 }, ONCE],
    [{ ...CARD, kind: '5xx', when: 'after' }, ONCE],
    [{ ...CARD, kind: '5xx', times: 4 }, NEVER],
  ],
  '4xx': [
    [{ ...CARD, kind: '4xx', status: 404 }, ONCE],
    // Trello takes a 410 for the end of the webhook.
    [{ ...CARD, kind: '4xx', status: 410 }, NEVER],
  ],
  'timeout-before-effect': [[{ ...CARD, kind: 'timeout-before-effect' }, ONCE]],
  'timeout-after-effect': [[{ ...CARD, kind: 'timeout-after-effect' }, ONCE]],
  'timeout-late-effect': [[{ ...CARD, kind: 'timeout-late-effect', ms: 60_000 }, ONCE]],
  'half-answer': [[{ ...CARD, kind: 'half-answer' }, ONCE]],
  reset: [
    [{ ...CARD, kind: 'reset' }, ONCE],
    [{ ...CARD, kind: 'reset', when: 'after' }, ONCE],
  ],
  slow: [[{ ...CARD, kind: 'slow', ms: 5_000 }, ONCE]],
  lost: [[{ ...CARD, kind: 'lost' }, NEVER]],
  duplicate: [[{ ...CARD, kind: 'duplicate' }, ONCE]],
  delayed: [[{ ...CARD, kind: 'delayed', ms: 180_000 }, ONCE]],
  reordered: [[{ ...CARD, kind: 'reordered' }, ONCE]],
}

/** Slack sends nothing again: the person sees a warning, and presses again. */
const SLACK: Outcomes<'callback.slack', Heard> = {
  '429': [[{ ...PRESS, kind: '429' }, NEVER]],
  '5xx': [
    [{ ...PRESS, kind: '5xx' }, NEVER],
    [{ ...PRESS, kind: '5xx', when: 'after' }, ONCE],
  ],
  '4xx': [[{ ...PRESS, kind: '4xx', status: 404 }, NEVER]],
  'timeout-before-effect': [[{ ...PRESS, kind: 'timeout-before-effect' }, NEVER]],
  'timeout-after-effect': [[{ ...PRESS, kind: 'timeout-after-effect' }, ONCE]],
  'timeout-late-effect': [[{ ...PRESS, kind: 'timeout-late-effect', ms: 60_000 }, ONCE]],
  'half-answer': [[{ ...PRESS, kind: 'half-answer' }, ONCE]],
  reset: [
    [{ ...PRESS, kind: 'reset' }, NEVER],
    [{ ...PRESS, kind: 'reset', when: 'after' }, ONCE],
  ],
  slow: [[{ ...PRESS, kind: 'slow', ms: 2_000 }, ONCE]],
  lost: [[{ ...PRESS, kind: 'lost' }, NEVER]],
  duplicate: [[{ ...PRESS, kind: 'duplicate' }, ONCE]],
  delayed: [[{ ...PRESS, kind: 'delayed', ms: 2_000 }, ONCE]],
  reordered: [[{ ...PRESS, kind: 'reordered' }, ONCE]],
}

/** A delivered ticket on a fresh testbed, with this fault around what a person then does. */
async function hear(
  fault: Fault,
  priority: 'medium' | 'high',
  act: (bed: VirtualTestbed, id: string) => Promise<void>,
) {
  await using bed = await startTestbed({ clock: 'virtual', callbacks: { trello: '/trello', slack: '/slack' } })
  const id = acceptedId(await bed.teams.send({ title: 'Login page is blank', priority, description: 'It is white.' }))
  await bed.clock.runUntilQuiet()
  bed.faults.add(fault)
  await act(bed, id)
  await bed.clock.runUntilQuiet()
  const known = await caseOf(bed, id)
  return { events: known.events.length, status: stateOf(known).status }
}

describe('an archived card', () => {
  it.each(rowsOf(TRELLO))('%s', async (_name, fault, expected) => {
    const heard = await hear(fault, 'medium', async (bed, id) => bed.trello.archiveCard(id))
    expect(heard).toEqual(expected)
  })

  it.each<Fault>([
    { at: 'sqs.sendMessageBatch', kind: '5xx', by: 'server', times: 1 },
    { at: 'sqs.sendMessageBatch', kind: 'timeout-after-effect', by: 'server', times: 1 },
    { at: 's3.listObjectsV2', kind: '5xx', by: 'server', times: 1 },
    { at: 's3.getObject', kind: 'denied', by: 'server', text: 'cases/', times: 2 },
    { at: 'server', kind: 'killed', when: 'before', call: 'sqs.sendMessageBatch', times: 1 },
    { at: 'server', kind: 'killed', when: 'after', call: 'sqs.sendMessageBatch', times: 1 },
  ])('is heard once, with $at $kind at the server', async (fault) => {
    const heard = await hear(fault, 'medium', async (bed, id) => {
      bed.trello.archiveCard(id)
      await bed.clock.advance('5s')
      await bed.replicas[0]?.start()
    })
    expect(heard).toEqual(ONCE)
  })
})

describe('a pressed button', () => {
  it.each(rowsOf(SLACK))('%s', async (_name, fault, expected) => {
    const heard = await hear(fault, 'high', async (bed) => {
      await bed.slack.press(bed.slack.messages[0], 'close')
    })
    expect(heard).toEqual(expected)
  })

  it.each<Fault>([
    { at: 'sqs.sendMessageBatch', kind: 'denied', by: 'server', times: 1 },
    { at: 's3.getObject', kind: 'denied', by: 'server', text: 'cases/', times: 2 },
  ])('is a warning with $at $kind at the server, and works when it is pressed again', async (fault) => {
    const heard = await hear(fault, 'high', async (bed) => {
      expect(await bed.slack.press(bed.slack.messages[0], 'close')).toMatchObject({ outcome: 'failed' })
      expect(await bed.slack.press(bed.slack.messages[0], 'close')).toMatchObject({ outcome: 'answered' })
    })
    expect(heard).toEqual(ONCE)
  })

  it('that is pressed again after a warning counts once', async () => {
    const heard = await hear({ ...PRESS, kind: '5xx', when: 'after' }, 'high', async (bed) => {
      // The message is not replaced either: its button is still there.
      bed.faults.add({ at: 'slack.respond', kind: '5xx', times: 1 })
      for (let count = 0; count < 2; count += 1) await bed.slack.press(bed.slack.messages[0], 'close')
    })
    expect(heard).toEqual({ events: 2, status: 'closed' })
  })
})
