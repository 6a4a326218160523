import { createClients, startServer } from '@ticketing/server'
import type { AwsClientOptions } from 'ticket-adapters/aws'
import { createLog, createRedaction } from 'ticket-adapters/log'
import { createMetrics } from 'ticket-adapters/metrics'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { noteLogLine } from '../journal/note-log-line.ts'
import { AddressInUse } from './address-in-use.ts'

export interface ReplicaOptions {
  readonly aws: AwsClientOptions
  readonly secretId: string
  readonly clock: Clock
  readonly journal: JournalWriter
  readonly port: number
}

/** One server; a restart takes the same port again. */
export interface Replica {
  readonly url: string
  /** Answers what it has accepted, then stops. Harmless when it has stopped already. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startReplica({ aws, secretId, clock, journal, port }: ReplicaOptions): Promise<Replica> {
  const redaction = createRedaction()
  const write = (line: string): void => noteLogLine(journal, { source: 'server', line })
  const log = createLog({ write, clock, redaction })
  const start = async (at: number): Promise<{ url: string; close(): Promise<void> }> => {
    const started = await startServer({
      settings: { secretId, host: '127.0.0.1', port: at, maxAgeMs: 300_000, logLevel: 'info' },
      clients: createClients(aws),
      clock,
      log,
      metrics: createMetrics(),
      onSecret: (secret) => redaction.hideAppSecret(secret),
    })
    if (started.ok) return started.value
    if (started.failure.code === 'port-in-use') throw new AddressInUse('server', at)
    throw new Error(`the server did not start: ${started.failure.lines.join('; ')}`)
  }
  let running: { url: string; close(): Promise<void> } | undefined = await start(port)
  const { url } = running
  return {
    url,
    async stop() {
      const stopping = running
      running = undefined
      await stopping?.close()
    },
    async start() {
      running ??= await start(Number(new URL(url).port))
    },
  }
}
