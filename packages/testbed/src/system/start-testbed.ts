import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProcessExecutor, systemClock } from '@ticketing/local-aws'
import type { Bundles } from '@ticketing/lambdas'
import { createStackClients } from '@ticketing/stack'
import type { StackClients } from '@ticketing/stack'
import type { AwsClientOptions } from 'ticket-adapters/aws'
import { createDeadLetterArchive, createLedger } from 'ticket-adapters/s3'
import type { Clock, DeadLetterArchive, Ledger } from 'ticket-core'
import { installedEgressGuard } from '../egress/install-egress-guard.ts'
import { createJournal } from '../journal/create-journal.ts'
import type { Journal } from '../journal/create-journal.ts'
import { createFaults } from '../simulators/named-faults.ts'
import type { Faults } from '../simulators/named-faults.ts'
import { createTeamsSimulator } from '../teams/create-teams-simulator.ts'
import type { TeamsSimulator } from '../teams/create-teams-simulator.ts'
import { deploy, takeDown } from './deploy.ts'
import { startEmbeddedCloud } from './embedded-cloud.ts'
import type { EmbeddedCloud } from './embedded-cloud.ts'
import { useExternalCloud } from './external-cloud.ts'
import { journalCloud } from './journal-cloud.ts'
import { startReplica } from './start-replica.ts'
import type { Replica } from './start-replica.ts'
import { startVendors } from './start-vendors.ts'
import type { Vendors } from './start-vendors.ts'

export interface TestbedOptions {
  /** The functions' zips. */
  readonly bundles: Bundles
  /** Where its state is kept, so that it survives a restart; absent: nothing is. */
  readonly directory?: string
  /** Free ones unless given. */
  readonly ports?: {
    readonly server?: number
    readonly cloud?: number
    readonly trello?: number
    readonly slack?: number
  }
  /**
   * Uses the cloud at this address in place of the embedded one. Names are then unique to this testbed, and its stack
   * is taken down again when it stops; the journal does not see inside such a cloud.
   */
  readonly endpoint?: string
  /** @default 1 */
  readonly replicas?: number
  /** @default 'test' */
  readonly prefix?: string
  /** Environment of the functions, beside what the stack gives them. */
  readonly functionSettings?: Readonly<Record<string, string>>
  /** Takes part in the start: told as each part is ready. */
  readonly onReady?: (part: string) => void
}

/** The whole system on this machine: Teams, the server, the cloud with the functions in it, Trello and Slack. */
export interface Testbed extends AsyncDisposable {
  readonly journal: Journal
  readonly teams: TeamsSimulator
  readonly trello: Vendors['trello']
  readonly slack: Vendors['slack']
  /** What goes wrong at Trello and Slack, by name. */
  readonly faults: Faults
  readonly replicas: readonly Replica[]
  /** How clients in this process reach the cloud. */
  readonly aws: AwsClientOptions
  readonly clients: StackClients
  /** Whether the journal sees inside the cloud: only the embedded one tells what happens in it. */
  readonly seesCloud: boolean
  readonly ledger: Ledger
  readonly archive: DeadLetterArchive
  readonly bucket: string
  readonly prefix: string
  readonly secretId: string
  /** By queue name. */
  readonly queueUrls: Readonly<Record<string, string>>
  readonly addresses: {
    readonly server: string
    readonly cloud: string
    readonly trello: string
    readonly slack: string
  }
  stop(): Promise<void>
}

const SECRET_ID = 'ticketing-app'

/**
 * Starts everything, on the system's clock, with functions in processes of their own. Rejects with an `AddressInUse`
 * when a port that was asked for is taken; whatever had been started by then is stopped again.
 */
export async function startTestbed(options: TestbedOptions): Promise<Testbed> {
  const { directory, ports = {}, endpoint, onReady = () => {} } = options
  const { prefix, secretId } = nameBed(options)
  const clock: Clock = systemClock
  const journal = createJournal({ clock })
  const stops: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each()
  }
  try {
    const vendorPorts = { trello: ports.trello ?? 0, slack: ports.slack ?? 0 }
    const vendors = await startVendors({ clock, journal, directory, ports: vendorPorts })
    stops.push(() => vendors.close())
    const faults = createFaults()
    for (const simulator of [vendors.trello, vendors.slack]) simulator.intercept(faults.interceptor)
    onReady('Trello and Slack simulators')
    const cloud =
      endpoint === undefined ? await startOwnCloud(options, { clock, journal, stops }) : useExternalCloud(endpoint)
    stops.push(() => cloud.close())
    onReady(endpoint === undefined ? 'embedded cloud' : `cloud at ${endpoint}`)
    const clients = createStackClients(cloud.aws)
    const deployed = await deploy({
      ...options,
      prefix,
      secretId,
      clock,
      vendors,
      clients,
    })
    if (endpoint !== undefined) stops.push(() => takeDown({ clients, clock, prefix, secretId }))
    onReady('stack')
    const replicas: Replica[] = []
    for (let number = 0; number < (options.replicas ?? 1); number += 1) {
      const port = number === 0 ? (ports.server ?? 0) : 0
      const replica = await startReplica({ aws: cloud.aws, secretId, clock, journal, port })
      stops.push(() => replica.stop())
      replicas.push(replica)
    }
    onReady('server')
    const teams = createTeamsSimulator({ clock, journal, token: deployed.teamsToken, url: replicas[0]?.url })
    const store = { client: clients.s3, bucket: deployed.bucket, clock }
    return {
      journal,
      teams,
      trello: vendors.trello,
      slack: vendors.slack,
      faults,
      replicas,
      aws: cloud.aws,
      clients,
      seesCloud: endpoint === undefined,
      ledger: createLedger(store),
      archive: createDeadLetterArchive(store),
      bucket: deployed.bucket,
      prefix,
      secretId,
      queueUrls: deployed.queueUrls,
      addresses: {
        server: replicas[0]?.url ?? '',
        cloud: cloud.endpoint,
        trello: vendors.trelloUrl,
        slack: vendors.slackUrl,
      },
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Its own cloud is the testbed's alone; in somebody else's cloud its names must be nobody else's. */
function nameBed({ endpoint, prefix = 'test' }: TestbedOptions): { prefix: string; secretId: string } {
  if (endpoint === undefined) return { prefix, secretId: SECRET_ID }
  const unique = `${prefix}-${randomBytes(4).toString('hex')}`
  return { prefix: unique, secretId: `${SECRET_ID}-${unique}` }
}

async function startOwnCloud(
  { directory, ports = {} }: TestbedOptions,
  { clock, journal, stops }: { clock: Clock; journal: Journal; stops: (() => Promise<void>)[] },
): Promise<EmbeddedCloud> {
  const code = directory === undefined ? await mkdtemp(join(tmpdir(), 'ticketing-')) : join(directory, 'functions')
  if (directory === undefined) stops.push(() => rm(code, { recursive: true, force: true }))
  return startEmbeddedCloud({
    clock,
    directory,
    port: ports.cloud ?? 0,
    observe: journalCloud(journal),
    // A guard of this process reaches into its functions' too.
    makeExecutor: (world) =>
      createProcessExecutor({
        clock,
        directory: code,
        nodeOptions: installedEgressGuard()?.nodeOptions ?? [],
        ...world,
      }),
  })
}
