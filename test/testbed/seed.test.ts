import { startTestbed, type FunctionMaker, type JournalEntry } from '@ticketing/testbed'
import { expect, it } from 'vitest'

/** A run with all random values: ids, jitter, faults with a chance, reordered messages. */
async function play(seed?: number): Promise<readonly JournalEntry[]> {
  await using bed = await startTestbed({ clock: 'virtual', replicas: 2, ...(seed !== undefined && { seed }) })
  bed.faults.add({ at: 'trello.createCard', kind: '5xx', chance: 0.5 })
  bed.faults.add({ at: 'slack.*', kind: 'timeout-after-effect', chance: 0.2 })
  bed.faults.add({ at: 'sqs.receiveMessage', kind: 'reordered', chance: 0.5 })
  bed.faults.add({ at: 'sqs.receiveMessage', kind: 'duplicate', chance: 0.3 })
  // Every call draws a value: another order of calls would be another run.
  for (const at of ['sqs.*', 's3.*', 'secretsManager.*'] as const)
    bed.faults.add({ at, kind: 'slow', ms: 5, chance: 0.3 })
  await Promise.all(
    ['low', 'medium', 'high', 'medium', 'medium', 'high', 'low', 'high', 'low', 'medium'].map((priority, n) =>
      bed.teams.send({ title: `Ticket ${n}`, priority, description: 'Random.' }),
    ),
  )
  await bed.clock.runUntilQuiet()
  return bed.journal.entries
}

it('the same seed gives the same run, to the last id and instant', async () => {
  const first = await play(7)
  expect(first.length).toBeGreaterThan(100)
  expect(await play(7)).toEqual(first)
})

it('another seed gives another run, and the default is a seed too', async () => {
  const [seven, eight, none, one] = [await play(7), await play(8), await play(), await play(1)]
  expect(eight).not.toEqual(seven)
  expect(none).toEqual(one)
})

it('but credentials are new in each testbed: for known ones the SDK takes fewer steps, in another order', async () => {
  const known: unknown[] = []
  const low: FunctionMaker =
    ({ clients }) =>
    async () => {
      const { accessKeyId, secretAccessKey } = await clients.s3.config.credentials()
      known.push({ accessKeyId, secretAccessKey })
      return { batchItemFailures: [] }
    }
  for (let time = 0; time < 2; time += 1) {
    await using bed = await startTestbed({ clock: 'virtual', seed: 7, functions: { low } })
    known.push(bed.aws.credentials)
    await bed.teams.send({ title: 'Who am I', priority: 'low', description: 'And since when?' })
    await bed.clock.runUntilQuiet()
  }
  const secrets = known.map((credentials) => JSON.stringify(credentials))
  expect(secrets).toHaveLength(4)
  expect(new Set(secrets).size).toBe(4)
})
