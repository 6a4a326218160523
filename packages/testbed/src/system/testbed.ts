import type { Bundles } from '@ticketing/lambdas'
import type { VirtualClock } from '@ticketing/local-aws'
import type { StackClients } from '@ticketing/stack'
import type { StackClientOptions } from '@ticketing/stack'
import type { Clock, DeadLetterArchive, LedgerReader } from 'ticket-core'
import type { Faults } from '../faults/create-faults.ts'
import type { ProcessName } from '../faults/edge.ts'
import type { Journal } from '../journal/create-journal.ts'
import type { ProcessPorts } from '../processes/simulated-process.ts'
import type { WorkflowsSimulator } from '../teams/create-workflows-simulator.ts'
import type { TeamsSimulator } from '../teams/create-teams-simulator.ts'
import type { FunctionMakers } from './inline-functions.ts'
import type { Replica } from './machine.ts'
import type { Vendors } from './start-vendors.ts'
import type { SystemMachineOptions } from './start-system-machine.ts'

interface CommonOptions {
  /** @default 1 */
  readonly replicas?: number
  /** @default 'test' */
  readonly prefix?: string
  /** Environment of the functions, beside what the stack gives them. */
  readonly functionSettings?: Readonly<Record<string, string>>
  /** Whatever happens by chance happens the same again with the same seed. @default 1 */
  readonly seed?: number
  /** Takes part in the start: told as each part is ready. */
  readonly onReady?: (part: string) => void
}

/** In this process, on a clock that moves only when told. */
export interface VirtualTestbedOptions extends CommonOptions {
  readonly clock: 'virtual'
  /** Milliseconds since the epoch. @default 2026-11-24T10:00:00Z */
  readonly start?: number
  /** Functions to try in the place of ours, made from all of the world that they may touch. */
  readonly functions?: FunctionMakers | undefined
  /** Changes what a process sees of the world: for tests that plant a defect, and see it caught. */
  readonly wrapProcess?: ((process: ProcessName, ports: ProcessPorts) => ProcessPorts) | undefined
}

/**
 * On the system's clock, with functions in processes of their own. With `externalCloud` the cloud is somebody else's: names
 * are then unique to this testbed, its stack is taken down when it stops, and the journal does not see inside.
 */
export interface TestbedOptions extends CommonOptions, SystemMachineOptions {
  readonly clock?: 'system'
  /** The functions' zips. */
  readonly bundles: Bundles
}

/** The whole system on this machine: Teams, the server, the cloud with the functions in it, Trello and Slack. */
export interface Testbed extends AsyncDisposable {
  readonly clock: Clock
  readonly journal: Journal
  readonly teams: TeamsSimulator
  readonly trello: Vendors['trello']
  readonly slack: Vendors['slack']
  /** What goes wrong, by name and place. */
  readonly faults: Faults
  readonly replicas: readonly Replica[]
  /** How clients in this process reach the cloud; no fault meets their calls. */
  readonly aws: StackClientOptions
  readonly clients: StackClients
  /** Whether the journal sees inside the cloud: only the embedded one tells what happens in it. */
  readonly seesCloud: boolean
  readonly ledger: LedgerReader
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
  /**
   * Stops all of it, and lets no message and no fault in any more. Rejects with `RealTimeUsed` if our processes asked
   * the machine for the time, and with `UnfiredFaults` when there are such. Harmless when it has stopped already.
   */
  stop(): Promise<void>
}

/** A testbed whose time is moved by hand: `bed.clock.advance('3m')`. Whatever is awaited of it moves it as far as needed. */
export interface VirtualTestbed extends Testbed {
  readonly clock: VirtualClock
  /** Teams' Workflows: nobody posts there until the secret's `TEAMS_NOTIFY_URL` is its `webhookUrl`. */
  readonly workflows: WorkflowsSimulator
}
