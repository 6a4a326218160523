import type { StackClientOptions } from '@ticketing/stack'
import type { Clock } from 'ticket-core'
import type { Faults } from '../faults/create-faults.ts'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Random } from './random.ts'
import type { Vendors } from './start-vendors.ts'

/** The platform of the system under test: clock, vendors, cloud, and servers. */
export interface Machine {
  readonly clock: Clock
  readonly vendors: Vendors
  /** How the testbed itself reaches the cloud. */
  readonly aws: StackClientOptions
  /** The cloud's address, without a trailing slash. */
  readonly endpoint: string
  /** Starts a server; 0 takes a free port. */
  startReplica(options: { readonly secretId: string; readonly port: number }): Promise<Replica>
  /** How Teams reaches the servers. */
  readonly fetch: typeof fetch
  /** Returns the first violation of the code under test, and forgets all. @default violations are not detected */
  takeViolation?(): Error | undefined
}

/** What a machine is made from. */
export interface MachineDependencies {
  readonly journal: JournalWriter
  readonly faults: Faults
  readonly random: Random
  /** Called when the testbed stops, the last one first. */
  readonly stops: (() => Promise<void>)[]
  /** Called when a part is ready. */
  readonly onReady: (part: string) => void
}

/** One server. It keeps its address after a restart. */
export interface Replica {
  readonly url: string
  /** Answers accepted requests, then stops. Does nothing if it has stopped already. */
  stop(): Promise<void>
  start(): Promise<void>
  /** SIGKILL: open requests get no answer. Only on the virtual clock. */
  kill(): void
}
