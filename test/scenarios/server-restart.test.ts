import { type Testbed, findTicketId, replyText } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alsoOnProcesses, REAL_TIME } from '../support/backend.ts'
import { placesOf, startBed, untilDelivered } from '../support/bed.ts'

// With real processes: a listener that closes with requests at work, and takes its port again.
describe.each(alsoOnProcesses())('the server restarted in the middle of a burst: $kind', REAL_TIME, (on) => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({}, on)
  })
  afterAll(() => bed.stop())

  it('every sender who saw an id has its ticket delivered once; the others know that they have none', async () => {
    const burst = Array.from({ length: 40 }, (_, n) =>
      bed.teams.send({ title: `Restart ${n}`, priority: 'low', description: `Number ${n}` }),
    )
    const [replica] = bed.replicas
    await bed.journal.until({ source: 'teams', kind: 'replied' })
    await replica?.stop()
    const replies = await Promise.all(burst)
    await replica?.start()
    replies.push(await bed.teams.send({ title: 'After', priority: 'low', description: 'It is back.' }))

    const accepted = replies.filter((reply) => reply.kind === 'replied' && reply.status === 200)
    const ids = accepted.flatMap((reply) => findTicketId(replyText(reply)) ?? [])
    expect(ids).toHaveLength(accepted.length)
    expect(ids.length).toBeGreaterThan(1)
    await untilDelivered(bed, ids)
    for (const id of ids) expect(await placesOf(bed, id)).toEqual({ bucket: 1, board: 0, alert: 0 })
  })
})
