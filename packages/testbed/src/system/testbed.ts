import type { Bundles } from '@ticketing/lambdas'
import type { connectLine } from '@ticketing/server'
import type { VirtualClock } from '@ticketing/local-aws'
import { type StackClients, type StackClientOptions } from '@ticketing/stack'
import type { CaseStore, Clock, DeadLetterArchive, IndexStore, LedgerReader, NewsLevel, TicketEvent } from 'ticket-core'
import type { Faults } from '../faults/create-faults.ts'
import type { ProcessName } from '../faults/edge.ts'
import type { Journal } from '../journal/create-journal.ts'
import type { ProcessPorts } from '../processes/simulated-process.ts'
import type { TeamsSimulator } from '../teams/create-teams-simulator.ts'
import type { FunctionMakers } from './inline-functions.ts'
import type { Replica } from './machine.ts'
import type { Vendors } from './start-vendors.ts'
import type { SweepOptions } from './virtual-replica.ts'
import type { SystemMachineOptions } from './start-system-machine.ts'

interface CommonOptions {
  /** @default 1 */
  readonly replicas?: number
  /** @default 'test' */
  readonly prefix?: string
  /** More environment variables of the functions. */
  readonly functionSettings?: Readonly<Record<string, string>>
  /**
   * Where vendors send what people do there: an address, or a path of the first server such as `/trello`. Trello gets a
   * webhook of the board, Slack a Request URL. @default Trello has the webhooks that were made, Slack's buttons are off
   */
  readonly callbacks?: { readonly trello?: string; readonly slack?: string }
  /** The same seed gives the same random values. @default 1 */
  readonly seed?: number
  /** Called when a part is ready. */
  readonly onReady?: (part: string) => void
}

/** In this process, on a virtual clock. */
export interface VirtualTestbedOptions extends CommonOptions {
  readonly clock: 'virtual'
  /** Milliseconds since the epoch. @default 2026-11-24T10:00:00Z */
  readonly start?: number
  /** Functions to run in place of ours. */
  readonly functions?: FunctionMakers | undefined
  /** Line 1 to run in the servers in place of ours. */
  readonly connectLine?: typeof connectLine | undefined
  /** Prefixes that the stack gets later: the functions of these names run, too. */
  readonly laterPrefixes?: readonly string[] | undefined
  /** The servers sweep once a minute, as those on the system's clock do. @default they do not */
  readonly sweep?: SweepOptions | undefined
  /** Wraps the ports of a process, for tests that plant a defect. */
  readonly wrapProcess?: ((process: ProcessName, ports: ProcessPorts) => ProcessPorts) | undefined
}

/**
 * On the system's clock, with functions in their own processes. In an `externalCloud` the names are unique to this
 * testbed, the stack is removed when it stops, and the journal shows nothing of the cloud.
 */
export interface TestbedOptions extends CommonOptions, SystemMachineOptions {
  readonly clock?: 'system'
  /** What answers Teams and the vendors: servers, or the function of intake at its address. @default 'server' */
  readonly intake?: 'server' | 'function'
  /** What is posted to reporters' teams, by a flow of the Workflows simulator. @default nothing: no flow is in the secret */
  readonly news?: NewsLevel
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
  /** Teams' Workflows. Used when the secret's `TEAMS_NOTIFY_URL` names a webhook of it. */
  readonly workflows: Vendors['workflows']
  /** Adds and removes faults. */
  readonly faults: Faults
  readonly replicas: readonly Replica[]
  /** Client options for the cloud. No fault hits these calls. */
  readonly aws: StackClientOptions
  readonly clients: StackClients
  /** Whether the journal has the events of the cloud: only those of the embedded one. */
  readonly seesCloud: boolean
  readonly ledger: LedgerReader
  readonly cases: CaseStore
  readonly index: IndexStore
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
    readonly workflows: string
  }
  /** Sends an event to the queue of events, as the server does with one that it has checked. */
  sendEvent(event: TicketEvent): Promise<void>
  /**
   * Stops everything. Messages and faults are refused from now on. Rejects with `RealTimeUsed` if our processes used real
   * time, and with `UnfiredFaults` if a fault never fired. Does nothing if it has stopped already.
   */
  stop(): Promise<void>
}

/** A testbed on a virtual clock: `bed.clock.advance('3m')`. Its own promises move the time as far as they need. */
export interface VirtualTestbed extends Testbed {
  readonly clock: VirtualClock
}
