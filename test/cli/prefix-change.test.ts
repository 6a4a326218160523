import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alsoOnProcesses, REAL_TIME } from '../support/backend.ts'
import {
  acceptedId,
  deploymentSettings,
  eventually,
  placesOf,
  runTicketing,
  startBed,
  untilDelivered,
} from '../support/bed.ts'

// With real processes: the zips that `up` deploys, and a server that is restarted.
describe.each(alsoOnProcesses())('the prefix is changed while tickets wait: $kind', REAL_TIME, (on) => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({ laterPrefixes: ['test-2'] }, on)
  })
  afterAll(() => bed.stop())

  it('every ticket is delivered once, the old ones are found, and nothing of the old prefix is left but its bucket', async () => {
    const old = bed.prefix
    const next = `${old}-2`
    const settings = await deploymentSettings(bed)
    const ticketing = (words: string): ReturnType<typeof runTicketing> =>
      runTicketing(bed, words.split(' '), { env: settings })
    const send = async (title: string, priority: 'low' | 'medium' | 'high'): Promise<string> =>
      acceptedId(await bed.teams.send({ title, priority, description: 'It must arrive.' }))

    const done = await send('Before all of it', 'low')
    await untilDelivered(bed, [done])
    const outage = bed.faults.add({ at: 'slack.postMessage', kind: '429', retryAfter: 1 })
    const waiting = await send('Waits in the old queue', 'high')
    await bed.journal.until({ source: 'slack', kind: 'call', outcome: 429 })

    // Only the prefix: nothing says that the new stack is to take the place of the old one.
    await changeSecret(bed, { PREFIX: next })
    const plan = await ticketing('plan')
    expect(plan.output).toContain(`left behind: the stack of the prefix ${old}`)
    const refused = await ticketing('up')
    expect(refused.code).toBe(1)
    expect(refused.output).toContain(`its PREFIX is ${next}, and the stack that it made has the prefix ${old}`)
    expect(refused.output).toContain(`put BUCKET=${bed.bucket} into the secret`)

    await changeSecret(bed, { BUCKET: bed.bucket })
    const moved = await ticketing(`up --from-prefix ${old}`)
    expect(moved.output).toContain(`the functions of ${old} go on`)
    expect(moved.code).toBe(0)
    // The server knows the old prefix until it is restarted.
    const between = await send('The server knows the old prefix', 'low')
    await bed.replicas[0]?.stop()
    await bed.replicas[0]?.start()
    const after = await send('The server knows the new prefix', 'medium')

    expect(await ticketing(`down --prefix ${old}`)).toMatchObject({
      code: 1,
      output: expect.stringContaining('it holds messages'),
    })
    outage.remove()
    await untilDelivered(bed, [waiting, between, after])
    const removed = await eventually(bed, async () => {
      const result = await ticketing(`down --prefix ${old}`)
      if (result.code !== 0) throw new Error(result.output)
      return result
    })
    expect(removed.output).toContain(`left bucket ${bed.bucket}: it belongs to the stack of the prefix ${next}`)

    expect((await ticketing('plan')).said.at(-1)).toMatch(/^nothing to change/)
    const last = await send('After all of it', 'low')
    await untilDelivered(bed, [last])
    for (const id of [done, between, last]) expect(await placesOf(bed, id)).toEqual({ bucket: 1, board: 0, alert: 0 })
    expect(await placesOf(bed, waiting)).toEqual({ bucket: 0, board: 0, alert: 1 })
    expect(await placesOf(bed, after)).toEqual({ bucket: 0, board: 1, alert: 0 })
    for (const id of [done, waiting, between, after, last])
      expect(await ticketing(`status ${id}`)).toMatchObject({ code: 0, output: expect.stringContaining('delivered') })
    expect(await ticketing('down --delete-data')).toMatchObject({ code: 0 })
  })
})

async function changeSecret({ clients, secretId: SecretId }: Testbed, keys: Record<string, string>): Promise<void> {
  const { SecretString = '{}' } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId }))
  const values: unknown = JSON.parse(SecretString)
  const next = { ...Object(values), ...keys }
  await clients.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(next) }))
}
