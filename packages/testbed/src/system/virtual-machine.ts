import { bypassWire, createInlineExecutor, createLocalAws, openStore } from '@ticketing/local-aws'
import type { VirtualClock } from '@ticketing/local-aws'
import type { ProcessName } from '../faults/edge.ts'
import { interceptAws, onPollFault } from '../faults/intercept-aws.ts'
import { forbidMachineTime } from '../processes/forbid-machine-time.ts'
import type { ProcessWorld } from '../processes/simulated-process.ts'
import { createWorkflowsSimulator } from '../teams/create-workflows-simulator.ts'
import type { WorkflowsSimulator } from '../teams/create-workflows-simulator.ts'
import { createInlineFunctions } from './inline-functions.ts'
import type { FunctionMakers } from './inline-functions.ts'
import { journalCloud } from './journal-cloud.ts'
import type { Machine, MachineMeans } from './machine.ts'
import { createNetwork } from './network.ts'
import { createMessageHider, observerOf, ownCredentials } from './observer.ts'
import { createVendors } from './start-vendors.ts'
import { createVirtualReplica } from './virtual-replica.ts'

export interface VirtualMachineOptions {
  readonly clock: VirtualClock
  readonly prefix: string
  /** A store to begin with, as `serialize` gave it. */
  readonly image?: Uint8Array | undefined
  /** Functions to try in the place of ours. */
  readonly functions?: FunctionMakers | undefined
  /** Changes what a process sees of the world. */
  readonly alter?: ((process: ProcessName, world: ProcessWorld) => ProcessWorld) | undefined
}

export interface VirtualMachine extends Machine {
  readonly clock: VirtualClock
  readonly workflows: WorkflowsSimulator
  /** The whole store, for the next machine to begin with. */
  image(): Uint8Array
}

/** Nobody listens there: everything is in this process. */
const CLOUD = 'http://cloud.internal:4566'
/** Sessions outlive every scenario: the SDK judges by the system's clock when to ask for a new one. */
const SESSION_SECONDS = 10 * 365 * 86_400

/** No process, no socket, and a clock that moves only when told. */
export function createVirtualMachine(options: VirtualMachineOptions, means: MachineMeans): VirtualMachine {
  const { clock, prefix, image, functions, alter = (_process, world) => world } = options
  const { journal, faults, chance, stops, onReady } = means
  const blamed: Error[] = []
  const blame = (error: Error): void => void blamed.push(error)
  const allowMachineTime = forbidMachineTime()
  stops.push(async () => allowMachineTime())
  const vendors = createVendors({ clock, journal })
  const workflows = createWorkflowsSimulator({ clock, journal })
  workflows.intercept(faults.interceptor)
  const network = createNetwork([vendors.trello, vendors.slack, workflows])
  onReady('Trello and Slack simulators')
  const store = openStore(':memory:')
  if (image) store.deserialize(image)
  const region = 'us-east-1'
  const embedded = createLocalAws({
    clock,
    store,
    random: chance.bytes,
    newId: chance.uuid,
    observe: journalCloud(journal),
    endpoint: () => CLOUD,
    sessionSeconds: SESSION_SECONDS,
    intercept: interceptAws({
      faults,
      clock,
      journal,
      chance: () => chance.next(),
      hide: createMessageHider(() => observer),
    }),
    onInterceptChange: onPollFault(faults),
    makeExecutor: ({ endpoint, credentials, requestHandler }) => {
      const worldOf = (process: ProcessName): ProcessWorld =>
        alter(process, { clock, fetch: network.fetch, requestHandler })
      const inline = createInlineFunctions({ prefix, chance, blame, replaced: functions, worldOf })
      return createInlineExecutor({ clock, functions: inline, endpoint, credentials })
    },
  })
  const { requestHandler } = embedded
  const observer = observerOf({ endpoint: CLOUD, region, requestHandler, extend: bypassWire })
  stops.push(async () => {
    await clock.runUntilSettled(embedded.close())
    store.close()
  })
  embedded.start()
  onReady('embedded cloud')
  let replicas = 0
  return {
    clock,
    vendors,
    workflows,
    endpoint: CLOUD,
    aws: observer,
    fetch: network.fetch,
    image: () => store.serialize(),
    takeBlame: () => blamed.splice(0)[0],
    startReplica: async ({ secretId }) => {
      replicas += 1
      const aws = { endpoint: CLOUD, region, credentials: ownCredentials('server') }
      const world = alter('server', { clock, fetch: network.fetch, requestHandler })
      const url = `http://server-${replicas}.internal:3978`
      const replica = await clock.runUntilSettled(
        createVirtualReplica({ url, secretId, aws, world, network, journal, blame }),
      )
      // A start reads the secret and a stop answers what is open: both may need time.
      return {
        ...replica,
        start: () => clock.runUntilSettled(replica.start()),
        stop: () => clock.runUntilSettled(replica.stop()),
      }
    },
  }
}
