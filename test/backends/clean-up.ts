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
  const { container: containers } = await getContainerRuntimeClient()
  for (const { Id, Labels } of await containers.list()) {
    if (Labels[LABEL_TESTCONTAINERS_SESSION_ID] !== session) continue
    const container = containers.getById(Id)
    await containers.remove(container, { removeVolumes: true })
  }
}
