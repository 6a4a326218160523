import { startTestbed } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { PROCESS_ENDS } from '../faults/play.ts'
import { acceptedId } from '../support/bed.ts'

const FORM = { title: 'Login page is blank', priority: 'low', description: 'It stays white.' }
const SENDING = { at: 'server', call: 'sqs.sendMessageBatch', times: 1 } as const

describe.each(PROCESS_ENDS)('a testbed whose server is %s', (kind) => {
  it.each([
    ['before', 1],
    ['after', 1],
    ['after', 2],
  ] as const)('%s its call stops at once, with %i of them', async (when, replicas) => {
    const bed = await startTestbed({ clock: 'virtual', replicas })
    bed.faults.add({ ...SENDING, kind, when })
    expect(await bed.teams.send(FORM)).toMatchObject({ kind: 'failed' })
    const stoppedAt = bed.clock.elapsed
    await bed.stop()
    expect(bed.clock.elapsed - stoppedAt).toBeLessThanOrEqual(20_000)
  })

  it('during its stop stops too', async () => {
    const bed = await startTestbed({ clock: 'virtual' })
    bed.faults.add({ ...SENDING, kind })
    const open = bed.teams.send(FORM)
    await bed.stop()
    expect(await open).toMatchObject({ kind: 'failed' })
  })

  it('during its start fails the start, and starts the next time', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const [replica] = bed.replicas
    replica?.kill()
    bed.faults.add({ ...SENDING, call: 'secretsManager.*', kind })
    await expect(replica?.start()).rejects.toThrow('the server did not start: a fault ended it, or it hangs')
    await replica?.start()
    acceptedId(await bed.teams.send(FORM))
  })

  it('has a new one after a start', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    bed.faults.add({ ...SENDING, kind })
    await bed.teams.send(FORM)
    await bed.replicas[0]?.start()
    const id = acceptedId(await bed.teams.send(FORM))
    await bed.clock.runUntilQuiet()
    expect(await bed.ledger.read(id)).toMatchObject({ item: { state: 'delivered' } })
  })
})

it('a stopped testbed refuses messages and faults', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  await bed.stop()
  const noted = bed.journal.entries.length
  await expect(bed.teams.send(FORM)).rejects.toThrow('this testbed was stopped')
  await expect(bed.teams.sendText('help')).rejects.toThrow('this testbed was stopped')
  expect(() => bed.faults.add({ at: 'trello.*', kind: '5xx' })).toThrow('this testbed was stopped')
  expect(bed.journal.entries).toHaveLength(noted)
  await bed.stop()
})
