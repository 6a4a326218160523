import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, placesOf, startBed, untilDelivered } from '../support/bed.ts'

describe('a vendor outage heals without loss', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('Slack refuses for a while; what waited is delivered once', async () => {
    const outage = bed.faults.add({ at: 'slack.postMessage', kind: '429', retryAfter: 1 })
    const ids = [
      acceptedId(await bed.teams.send({ title: 'During the outage', priority: 'high', description: 'Wait.' })),
      acceptedId(
        await bed.teams.send({ title: 'During the outage, too', priority: 'low', description: 'S3 is not Slack.' }),
      ),
    ]
    const [high = '', low = ''] = ids
    await bed.journal.until({ source: 'slack', kind: 'call', outcome: 429 })
    await untilDelivered(bed, [low])
    outage.remove()
    const [record] = await untilDelivered(bed, [high])
    expect(record?.attempts.first).toMatchObject({ outcome: 'retry', code: 'slack-429' })
    expect(record?.suspect).toBeUndefined()
    expect(await placesOf(bed, high)).toEqual({ bucket: 0, board: 0, alert: 1 })
  })
})
