import type { connectLine } from '@ticketing/server'
import { createInlineExecutor, createLocalAws, openStore, type VirtualClock } from '@ticketing/local-aws'
import type { ProcessName } from '../faults/edge.ts'
import { createFailingDisk } from '../faults/failing-disk.ts'
import { interceptAws, onPollFault } from '../faults/intercept-aws.ts'
import { forbidRealTime } from '../processes/forbid-real-time.ts'
import type { ProcessPorts } from '../processes/simulated-process.ts'
import { createInlineFunctions, type FunctionMakers } from './inline-functions.ts'
import { journalCloud } from './journal-cloud.ts'
import type { Machine, MachineDependencies } from './machine.ts'
import { createNetwork } from './network.ts'
import { createMessageHider, observerOf, ownCredentials } from './observer.ts'
import { createVendors } from './start-vendors.ts'
import { type SweepOptions, createVirtualReplica } from './virtual-replica.ts'

export interface VirtualMachineOptions {
  readonly clock: VirtualClock
  readonly prefix: string
  /** The initial store, from `serialize`. */
  readonly image?: Uint8Array | undefined
  /** Functions to run in place of ours. */
  readonly functions?: FunctionMakers | undefined
  /** Line 1 to run in place of ours. */
  readonly connectLine?: typeof connectLine | undefined
  readonly laterPrefixes?: readonly string[] | undefined
  /** What the servers sweep once a minute. @default they do not */
  readonly sweep?: SweepOptions | undefined
  /** Wraps the ports of a process. */
  readonly wrapProcess?: ((process: ProcessName, ports: ProcessPorts) => ProcessPorts) | undefined
}

export interface VirtualMachine extends Machine {
  readonly clock: VirtualClock
  /** The whole store, for the next machine. */
  image(): Uint8Array
}

/** Nothing listens there: everything is in this process. */
const CLOUD = 'http://cloud.internal:4566'
/** Sessions outlast every scenario: the SDK renews them by the system's clock. */
const SESSION_SECONDS = 10 * 365 * 86_400

/** The platform in this process: no sockets, simulated processes, a virtual clock. */
export function createVirtualMachine(
  options: VirtualMachineOptions,
  dependencies: MachineDependencies,
): VirtualMachine {
  const {
    clock,
    prefix,
    image,
    functions,
    connectLine,
    laterPrefixes = [],
    sweep,
    wrapProcess = (_process, ports) => ports,
  } = options
  const { journal, faults, random, stops, onReady } = dependencies
  const violations: Error[] = []
  const reportViolation = (error: Error): void => void violations.push(error)
  const allowRealTime = forbidRealTime()
  stops.push(async () => allowRealTime())
  const vendors = createVendors({
    clock,
    journal,
    fetch: (input, init) => network.fetch(input, init),
    wait: (work) => clock.runUntilSettled(work),
  })
  stops.push(() => vendors.close())
  const network = createNetwork([vendors.trello, vendors.slack, vendors.workflows])
  onReady('Trello and Slack simulators')
  const store = openStore(':memory:')
  if (image) store.deserialize(image)
  const region = 'us-east-1'
  const disk = createFailingDisk()
  const embedded = createLocalAws({
    clock,
    store,
    wrapStore: disk.wrap,
    random: random.bytes,
    newId: random.uuid,
    observe: journalCloud(journal),
    endpoint: () => CLOUD,
    sessionSeconds: SESSION_SECONDS,
    intercept: interceptAws({
      faults,
      clock,
      journal,
      random: () => random.next(),
      hide: createMessageHider(() => observer),
      disk,
    }),
    onInterceptChange: onPollFault(faults),
    makeExecutor: ({ endpoint, credentials, requestHandler }) => {
      const portsOf = (process: ProcessName): ProcessPorts =>
        wrapProcess(process, { clock, fetch: network.fetch, requestHandler })
      const inline = createInlineFunctions({
        prefixes: [prefix, ...laterPrefixes],
        random,
        reportViolation,
        replaced: functions,
        portsOf,
      })
      return createInlineExecutor({ clock, functions: inline, endpoint, credentials })
    },
  })
  const { requestHandler } = embedded
  const observer = observerOf({ endpoint: CLOUD, region, requestHandler })
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
    endpoint: CLOUD,
    aws: observer,
    fetch: network.fetch,
    image: () => store.serialize(),
    takeViolation: () => violations.splice(0)[0],
    startReplica: async ({ secretId }) => {
      replicas += 1
      const aws = { endpoint: CLOUD, region, credentials: ownCredentials('server') }
      const ports = wrapProcess('server', { clock, fetch: network.fetch, requestHandler })
      const url = `http://server-${replicas}.internal:3978`
      const replica = await clock.runUntilSettled(
        createVirtualReplica({
          url,
          secretId,
          aws,
          ports,
          network,
          journal,
          trelloUrl: vendors.trelloUrl,
          slackUrl: vendors.slackUrl,
          connectLine,
          sweep,
          newNonce: () => random.uuid(),
          reportViolation,
        }),
      )
      // A start reads the secret and a stop answers open requests: both may need time.
      return {
        ...replica,
        start: () => clock.runUntilSettled(replica.start()),
        stop: () => clock.runUntilSettled(replica.stop()),
      }
    },
  }
}
