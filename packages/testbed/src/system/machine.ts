import type { StackClientOptions } from '@ticketing/stack'
import type { Clock } from 'ticket-core'
import type { Faults } from '../faults/create-faults.ts'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Random } from './random.ts'
import type { Vendors } from './start-vendors.ts'

/** What the system under test stands on: a clock, vendors, a cloud, and a way to run servers. */
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
  /** The first thing that code of the system under test did and may not do, once. @default nobody can see it */
  takeViolation?(): Error | undefined
}

/** What a machine is made with. */
export interface MachineDependencies {
  readonly journal: JournalWriter
  readonly faults: Faults
  readonly random: Random
  /** What to do when all ends; the last one first. */
  readonly stops: (() => Promise<void>)[]
  /** Told as each part is ready. */
  readonly onReady: (part: string) => void
}

/** One server; a restart takes the same address again. */
export interface Replica {
  readonly url: string
  /** Answers what it has accepted, then stops. Harmless when it has stopped already. */
  stop(): Promise<void>
  start(): Promise<void>
  /** SIGKILL: whatever it was doing is left undone, and nobody gets an answer. Only on the virtual clock. */
  kill(): void
}
