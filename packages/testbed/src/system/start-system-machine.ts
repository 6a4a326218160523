import { type Bundles, releaseOf } from '@ticketing/lambdas'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createProcessExecutor,
  ListenFailed,
  startLocalAws,
  StoreUnusable,
  systemClock,
  type ListeningAws,
  type StartOptions,
} from '@ticketing/local-aws'
import type { StackClientOptions } from '@ticketing/stack'
import { nameResources } from 'ticket-core'
import { installedEgressGuard } from '../egress/install-egress-guard.ts'
import { AddressInUse } from '../simulators/listen-simulator.ts'
import { DamagedState } from '../simulators/keep-state.ts'
import { createFailingDisk } from '../faults/failing-disk.ts'
import { interceptAws, onPollFault } from '../faults/intercept-aws.ts'
import { journalCloud } from './journal-cloud.ts'
import type { Machine, MachineDependencies } from './machine.ts'
import { createMessageHider, observerOf } from './observer.ts'
import { startReplica } from './start-replica.ts'
import { startVendors } from './start-vendors.ts'

/** A cloud that is not the testbed's own: an emulator, or AWS. */
export interface ExternalCloud extends Pick<StackClientOptions, 'credentials'> {
  /** Absent: AWS itself. */
  readonly endpoint?: string
  /** @default 'us-east-1' */
  readonly region?: string
  /** Where Trello and Slack listen, and the host under which functions reach them. @default 127.0.0.1 for both */
  readonly vendors?: { readonly host: string; readonly reachedAs: string }
  /**
   * Where the functions run: in the cloud, from the stack's zips; or in this process with our own event source pollers,
   * for a cloud that cannot run them. @default 'cloud'
   */
  readonly functions?: 'cloud' | 'testbed'
}

export interface SystemMachineOptions {
  /** First part of every name. @default 'test' */
  readonly prefix?: string
  /** The folder of the state. @default the state is not kept */
  readonly directory?: string | undefined
  /** @default free ports */
  readonly ports?: {
    readonly server?: number
    readonly cloud?: number
    readonly trello?: number
    readonly slack?: number
    readonly workflows?: number
  }
  /** More names for the cloud and the simulators. Requests of web pages under other names are refused. */
  readonly hostNames?: readonly string[] | undefined
  /** Milliseconds until a server escalates a high ticket; 0: never. @default 900000 */
  readonly escalateAfter?: number | undefined
  /** @default the embedded cloud */
  readonly externalCloud?: ExternalCloud | undefined
}

/** Real processes, sockets and the system's clock. Pushes a stop to `stops` for each part that it starts. */
export async function startSystemMachine(
  {
    directory,
    ports = {},
    hostNames,
    externalCloud,
    escalateAfter,
    bundles,
    prefix,
  }: SystemMachineOptions & { readonly bundles: Bundles },
  dependencies: MachineDependencies,
): Promise<Machine> {
  const { journal, stops, onReady } = dependencies
  const clock = systemClock
  const vendorPorts = { trello: ports.trello ?? 0, slack: ports.slack ?? 0, workflows: ports.workflows ?? 0 }
  const vendors = await startVendors({
    clock,
    journal,
    directory,
    ports: vendorPorts,
    hostNames,
    ...externalCloud?.vendors,
  })
  stops.push(() => vendors.close())
  // The servers are on this machine.
  vendors.slack.answerPressesAt(vendors.slackUrlHere)
  onReady('Trello and Slack simulators')
  const { endpoint, aws, observer } = externalCloud
    ? reach(externalCloud)
    : await startCloud({ directory, port: ports.cloud ?? 0, hostNames, prefix }, dependencies).then(reachEmbedded)
  onReady(externalCloud ? `cloud at ${endpoint || 'AWS'}` : 'embedded cloud')
  return {
    clock,
    vendors,
    endpoint,
    aws: observer,
    fetch,
    startReplica: ({ secretId, port }) =>
      startReplica({
        aws,
        secretId,
        port,
        clock,
        journal,
        trelloUrl: vendors.trelloUrlHere,
        slackUrl: vendors.slackUrlHere,
        escalateAfter,
        release: releaseOf(bundles),
      }),
  }
}

interface Reach extends Pick<Machine, 'endpoint'> {
  /** Client options of a server. */
  readonly aws: StackClientOptions
  /** Client options of the testbed itself. */
  readonly observer: StackClientOptions
}

function reach(externalCloud: ExternalCloud): Reach {
  const aws = clientOptionsOf(externalCloud)
  return { endpoint: aws.endpoint ?? '', aws, observer: aws }
}

function reachEmbedded({ endpoint, requestHandler }: ListeningAws): Reach {
  const address = { endpoint, region: 'us-east-1', requestHandler }
  const aws = { ...address, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  return { endpoint, aws, observer: observerOf(address) }
}

/** The embedded cloud behind a listener, functions in processes of their own. */
async function startCloud(
  {
    directory,
    port,
    hostNames,
    prefix = 'test',
  }: { readonly port: number } & Pick<SystemMachineOptions, 'directory' | 'hostNames'> & {
      readonly prefix?: string | undefined
    },
  { journal, faults, stops, random }: MachineDependencies,
): Promise<ListeningAws> {
  const clock = systemClock
  const code = directory === undefined ? await mkdtemp(join(tmpdir(), 'ticketing-')) : join(directory, 'functions')
  if (directory === undefined) stops.push(() => rm(code, { recursive: true, force: true }))
  const observer = (): StackClientOptions => observerOf({ endpoint: cloud.endpoint, region: 'us-east-1' })
  // The egress guard of this process also guards the processes of the functions.
  const nodeOptions = installedEgressGuard()?.nodeOptions ?? []
  const hide = createMessageHider(observer)
  const disk = createFailingDisk()
  const cloud = await startEmbeddedCloud({
    clock,
    folder: directory,
    port,
    ...(hostNames && { hostNames }),
    observe: journalCloud(journal, nameResources(prefix).intake.function),
    makeExecutor: (world) => createProcessExecutor({ clock, directory: code, nodeOptions, ...world }),
    wrapStore: disk.wrap,
    intercept: interceptAws({ faults, clock, journal, random: () => random.next(), hide, disk }),
    onInterceptChange: onPollFault(faults),
  })
  stops.push(() => cloud.close())
  return cloud
}

/**
 * The embedded cloud behind a listener. Rejects with an `AddressInUse` when the port is taken, and with a `DamagedState`
 * when the kept store cannot be used.
 */
async function startEmbeddedCloud(options: StartOptions): Promise<ListeningAws> {
  try {
    return await startLocalAws(options)
  } catch (error) {
    if (error instanceof ListenFailed) throw new AddressInUse('cloud', error.failure.port, error)
    throw error instanceof StoreUnusable ? new DamagedState(error.message, { cause: error }) : error
  }
}

/** Client options for an external cloud. */
function clientOptionsOf({ endpoint, region = 'us-east-1', credentials }: ExternalCloud): StackClientOptions {
  return {
    region,
    ...(endpoint !== undefined && { endpoint: endpoint.replace(/\/+$/, '') }),
    ...(credentials && { credentials }),
  }
}
