import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CreateQueueCommand } from '@aws-sdk/client-sqs'
import { loadBundles } from '@ticketing/lambdas'
import type { StackClients } from '@ticketing/stack'
import { createJournal, deploy, startVendors } from '@ticketing/testbed'
import { systemClock } from 'ticket-adapters/clock'
import { LANES } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { nameRun, readName, secretOf } from './names.ts'
import { listNames, removeLeftovers } from './remove-leftovers.ts'
import type { ScenarioCloud } from './scenario-cloud.ts'
import { startIdleCloud } from './start-cloud.ts'

const HOUR = 3_600_000

/** Makes what a killed testbed leaves. */
async function leave(clients: StackClients, prefix: string): Promise<void> {
  const journal = createJournal({ clock: systemClock })
  const vendors = await startVendors({ clock: systemClock, journal, ports: { trello: 0, slack: 0 } })
  try {
    const bundles = await loadBundles()
    await deploy({ clients, clock: systemClock, bundles, vendors, prefix, secretId: secretOf(prefix) })
  } finally {
    await vendors.close()
  }
}

/** A queue, a function and a role for each lane, their boundary, a bucket and two secrets. */
const WHOLE = 3 * LANES.length + 4
const namesOf = async (clients: StackClients, prefix: string): Promise<string[]> =>
  (await listNames(clients)).filter((name) => name.includes(prefix))

describe('what killed runs left', () => {
  it('is told by its name: whose run, and since when', () => {
    const run = nameRun(1_795_624_784_450)
    expect(readName(`${run}-01234567-DLQ-Role`)).toEqual({
      run,
      prefix: `${run}-01234567`,
      startedAt: 1_795_624_784_450,
    })
    expect(readName(secretOf(`${run}-01234567`))).toMatchObject({ run })
    for (const name of ['test-queue', 'prod-LP', 'ticketing-app', 'my-test-mwwcwd3g-4e32e320-LP'])
      expect(readName(name)).toBeUndefined()
  })

  it('is removed at the next start, and nothing else: no run of this hour, no queue of others with such a name', async () => {
    await using cloud = await startIdleCloud()
    const { clients } = cloud
    const now = systemClock.now()
    const [old, young, foreign] = [
      `${nameRun(now - 2 * HOUR)}-aaaaaaaa`,
      `${nameRun(now - HOUR / 2)}-bbbbbbbb`,
      `${nameRun(now - 2 * HOUR)}-cccccccc`,
    ]
    await leave(clients, old)
    await leave(clients, young)
    await clients.sqs.send(new CreateQueueCommand({ QueueName: `${foreign}-LP` }))
    expect(await namesOf(clients, old)).toHaveLength(WHOLE)

    expect(await removeLeftovers(clients, now)).toEqual([old])
    expect(await namesOf(clients, old)).toEqual([])
    expect(await namesOf(clients, young)).toHaveLength(WHOLE)
    expect(await namesOf(clients, foreign)).toEqual([`${foreign}-LP`])
  })

  it('goes at once when the run is killed by SIGKILL', async () => {
    await using cloud = await startIdleCloud()
    const { clients, endpoint } = cloud
    const run = nameRun(systemClock.now())
    await leave(clients, `${run}-aaaaaaaa`)
    const scenarioCloud: ScenarioCloud = {
      run,
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }
    const script = `
      const { cleanUpAfter } = await import(process.argv[1])
      cleanUpAfter({ kind: 'stacks', cloud: process.argv[2] })
      setInterval(() => {}, 1000)
      console.log('running')`
    const module = new URL('./clean-up-after.ts', import.meta.url).href
    const killed = spawn(
      process.execPath,
      ['--conditions=source', '--input-type=module', '-e', script, module, JSON.stringify(scenarioCloud)],
      { stdio: ['ignore', 'pipe', 'inherit'], cwd: fileURLToPath(new URL('../..', import.meta.url)) },
    )
    await once(killed.stdout, 'data')
    expect(await namesOf(clients, run)).toHaveLength(WHOLE)
    killed.kill('SIGKILL')
    await expect.poll(() => namesOf(clients, run), { timeout: 30_000, interval: 200 }).toEqual([])
  })
})
