import { setTimeout } from 'node:timers/promises'
import { createStackClients } from '@ticketing/stack'
import type { Remains } from './clean-up-after.ts'
import { removeRun } from './remove-leftovers.ts'
import type { ScenarioCloud } from './scenario-cloud.ts'

// A process of its own, started by `cleanUpAfter`: it waits until its standard input ends, which is the run's end,
// however that came about, and removes what the run made.

const remains: Remains = JSON.parse(process.argv[2] ?? '')
process.stdin.resume().once('end', () => void cleanUp(remains))

async function cleanUp(what: Remains): Promise<void> {
  if (what.kind === 'containers') return removeContainers(what.session)
  const { run, endpoint, region, credentials }: ScenarioCloud = JSON.parse(what.cloud)
  const reach = { region, ...(endpoint !== undefined && { endpoint }), ...(credentials && { credentials }) }
  await removeRun(createStackClients(reach), run)
}

async function removeContainers(session: string): Promise<void> {
  const { getContainerRuntimeClient, LABEL_TESTCONTAINERS_SESSION_ID } = await import('testcontainers')
  const { dockerode } = (await getContainerRuntimeClient()).container
  const remove = async (): Promise<void> => {
    const filters = { label: [`${LABEL_TESTCONTAINERS_SESSION_ID}=${session}`] }
    for (const { Id } of await dockerode.listContainers({ all: true, filters }))
      await dockerode.getContainer(Id).remove({ force: true, v: true })
  }
  await remove()
  // One that was being made when the run ended.
  await setTimeout(3_000)
  await remove()
}
