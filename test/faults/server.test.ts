import { startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId } from '../support/bed.ts'
import { STORED, look, PROCESS_ENDS, rowsOf, type Outcomes } from './play.ts'

const FORM = { title: 'Login page is blank', priority: 'low', description: 'It stays white.' }
const SENDING = { at: 'server', call: 'sqs.sendMessageBatch', times: 1 } as const
const NOTHING = { reply: 'nothing', bucket: 0, state: 'none' } as const
const UNHEARD = { ...STORED, reply: 'nothing' } as const

/** The only replica ends while it takes a ticket; then it is started again. */
async function endWhileTaking(fault: Fault) {
  await using bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add(fault)
  const began = bed.clock.now()
  const reply = await bed.teams.send(FORM)
  const refused = await bed.teams.send({ ...FORM, title: 'While it is down' })
  const [replica] = bed.replicas
  replica?.kill()
  await replica?.start()
  const id = acceptedId(await bed.teams.send({ ...FORM, title: 'Once it is back' }))
  await bed.clock.runUntilQuiet()
  expect(await bed.ledger.read(id)).toMatchObject({ item: { state: 'delivered' } })
  return { reply, refused, seen: await look(bed, { reply, began }) }
}

describe.each(PROCESS_ENDS)('a server that is %s', (kind) => {
  it('before its ticket is queued: the sender sees no id, and there is no ticket', async () => {
    const { reply, refused, seen } = await endWhileTaking({ ...SENDING, kind, when: 'before' })
    expect(reply).toMatchObject({ kind: 'failed', reason: kind === 'timed-out' ? 'timeout' : 'no-connection' })
    expect(refused.kind).toBe('failed')
    expect(seen).toMatchObject(NOTHING)
  })

  it('after its ticket was queued and before it answered: no id was seen, and the ticket lands once', async () => {
    const { seen } = await endWhileTaking({ ...SENDING, kind, when: 'after' })
    expect(seen).toMatchObject(UNHEARD)
  })
})

describe('a replica that is stopped', () => {
  it('in peace: it answers what it has taken, and the other takes the rest', async () => {
    await using bed = await startTestbed({ clock: 'virtual', replicas: 2 })
    const [first, second] = bed.replicas
    bed.faults.add({ at: 'sqs.sendMessageBatch', kind: 'slow', ms: 2_000, times: 1 })
    const open = bed.teams.send(FORM)
    const stopped = first?.stop()
    const ids = [acceptedId(await open)]
    await stopped
    expect(await bed.teams.send(FORM)).toMatchObject({ kind: 'failed', reason: 'no-connection' })
    ids.push(acceptedId(await bed.teams.send(FORM, { to: second?.url ?? '' })))
    await first?.start()
    ids.push(acceptedId(await bed.teams.send(FORM)))
    await bed.clock.runUntilQuiet()
    for (const id of ids) expect(await bed.ledger.read(id)).toMatchObject({ item: { state: 'delivered' } })
  })

  it('by force, in a burst: a sender who saw an id has its ticket delivered once', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const [replica] = bed.replicas
    bed.faults.add({ ...SENDING, kind: 'killed', when: 'after' })
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, n) => bed.teams.send({ ...FORM, title: `Ticket ${n}` })),
    )
    await replica?.start()
    await bed.clock.runUntilQuiet()
    const ids = replies.flatMap((reply) => (reply.kind === 'replied' ? [acceptedId(reply)] : []))
    expect(ids.length).toBeLessThan(30)
    for (const id of ids) expect(await bed.ledger.read(id)).toMatchObject({ item: { state: 'delivered' } })
  })
})

const ASKING = { at: 'sqs.getQueueUrl', times: 3 } as const
/** A server asks for its queues when it starts. */
const STARTING: Outcomes<'sqs.getQueueUrl'> = {
  throttled: [[{ ...ASKING, kind: 'throttled' }, {}]],
  '5xx': [[{ ...ASKING, kind: '5xx' }, {}]],
  denied: [[{ ...ASKING, kind: 'denied' }, {}]],
  'timeout-before-effect': [[{ ...ASKING, kind: 'timeout-before-effect' }, {}]],
  'timeout-after-effect': [[{ ...ASKING, kind: 'timeout-after-effect' }, {}]],
  reset: [[{ ...ASKING, kind: 'reset' }, {}]],
  slow: [[{ ...ASKING, kind: 'slow', ms: 20_000 }, {}]],
}

it.each(rowsOf(STARTING))(
  'a server that does not start for %s says so, and starts the next time',
  async (_name, fault) => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const [replica] = bed.replicas
    await replica?.stop()
    bed.faults.add(fault)
    await expect(replica?.start()).rejects.toThrow('the server did not start: Queue test-LP could not be found. SQS')
    await replica?.start()
    const id = acceptedId(await bed.teams.send(FORM))
    await bed.clock.runUntilQuiet()
    expect(await bed.ledger.read(id)).toMatchObject({ item: { state: 'delivered' } })
  },
)
