import { replyText, startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId, placesOf } from '../support/bed.ts'
import { sampleOf } from '../support/sample.ts'
import { ALERTED, STORED, DEAD_WITH_NOTICE, ON_THE_BOARD, play, rowsOf, type Outcomes } from './play.ts'

const PUT = { at: 's3.putObject', times: 1 } as const
const GET = { at: 's3.getObject', times: 1 } as const

/** The ledger's records and the tickets' objects: each write is conditional, so that one whose answer was lost is known. */
const WRITING: Outcomes<'s3.putObject'> = {
  throttled: [[{ ...PUT, kind: 'throttled', times: 2 }, STORED]],
  '5xx': [
    [{ ...PUT, kind: '5xx', times: 3 }, STORED],
    [{ ...PUT, kind: '5xx', when: 'after', times: 3 }, STORED],
  ],
  denied: [[{ ...PUT, kind: 'denied', times: 3 }, STORED]],
  conflict: [[{ ...PUT, kind: 'conflict', times: 3 }, STORED]],
  'timeout-before-effect': [[{ ...PUT, kind: 'timeout-before-effect', times: 3 }, STORED]],
  'timeout-after-effect': [[{ ...PUT, kind: 'timeout-after-effect', times: 3 }, STORED]],
  reset: [
    [{ ...PUT, kind: 'reset', times: 3 }, STORED],
    [{ ...PUT, kind: 'reset', when: 'after', times: 3 }, STORED],
  ],
  'disk-full': [[{ ...PUT, kind: 'disk-full', times: 3 }, STORED]],
  'too-many-files': [[{ ...PUT, kind: 'too-many-files', times: 3 }, STORED]],
  'damaged-page': [[{ ...PUT, kind: 'damaged-page', times: 3 }, STORED]],
  slow: [
    [{ ...PUT, kind: 'slow', ms: 1_000 }, STORED],
    [{ ...PUT, kind: 'slow', ms: 40_000, when: 'after', times: 2 }, STORED],
  ],
}

const READING: Outcomes<'s3.getObject'> = {
  throttled: [[{ ...GET, kind: 'throttled', times: 2 }, STORED]],
  '5xx': [
    [{ ...GET, kind: '5xx', times: 3 }, STORED],
    [{ ...GET, kind: '5xx', when: 'after' }, STORED],
  ],
  denied: [[{ ...GET, kind: 'denied', times: 3 }, STORED]],
  'timeout-before-effect': [[{ ...GET, kind: 'timeout-before-effect', times: 3 }, STORED]],
  'timeout-after-effect': [[{ ...GET, kind: 'timeout-after-effect', times: 3 }, STORED]],
  reset: [
    [{ ...GET, kind: 'reset', times: 3 }, STORED],
    [{ ...GET, kind: 'reset', when: 'after' }, STORED],
  ],
  slow: [[{ ...GET, kind: 'slow', ms: 40_000 }, STORED]],
  'too-many-files': [[{ ...GET, kind: 'too-many-files', times: 3 }, STORED]],
  'damaged-page': [[{ ...GET, kind: 'damaged-page', times: 3 }, STORED]],
  'short-read': [[{ ...GET, kind: 'short-read', times: 3 }, STORED]],
}

const ROWS = [...rowsOf(WRITING), ...rowsOf(READING)]

/** The same for each destination: what the vendor was asked once is asked once, whatever S3 does around it. */
const DESTINATIONS = [
  ['low', STORED],
  ['medium', ON_THE_BOARD],
  ['high', ALERTED],
] as const

describe.each(DESTINATIONS)('a %s ticket', (priority, delivered) => {
  it.each(sampleOf(ROWS, 6))('%s', async (_name, fault) => {
    expect(await play({ priority, faults: [fault] })).toMatchObject(delivered)
  })
})

describe('the archive of dead letters', () => {
  const refused: Fault = { at: 'trello.createCard', kind: '4xx', status: 400, times: 1 }

  it.each(sampleOf(ROWS, 6))('%s: the ticket is dead and archived, and an admin is notified', async (_name, fault) => {
    // Only what the reporter of dead letters asks.
    const own: Fault = { ...fault, by: 'function.dead' } as Fault
    const seen = await play({ priority: 'medium', faults: [refused, own] })
    expect(seen).toMatchObject({ ...DEAD_WITH_NOTICE, notices: expect.any(Number) })
    expect(seen.notices).toBeGreaterThan(0)
    expect(seen.notices).toBeLessThan(3)
  })
})

it('an outage of S3 before a token was ever used: nothing is taken, its sender knows, and sends it again', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const form = { title: 'First of its team', priority: 'low', description: 'Sent twice.' } as const
  bed.faults.add({ at: 's3.*', kind: '5xx', times: 100 })
  expect(replyText(await bed.teams.send(form))).toContain('was not accepted')
  bed.faults.clear()
  expect(bed.journal.count({ source: 'sqs', kind: 'message-sent' })).toBe(0)
  const id = acceptedId(await bed.teams.send(form))
  await bed.clock.runUntilQuiet()
  expect(await placesOf(bed, id)).toEqual({ bucket: 1, board: 0, alert: 0 })
})

it('an outage of S3 loses nothing: tickets wait for their ledger', async () => {
  const seen = await play({ priority: 'medium', faults: [{ at: 's3.*', kind: '5xx', times: 200 }] })
  expect(seen).toMatchObject(ON_THE_BOARD)
  expect(seen.minutes).toBeGreaterThan(3)
})
