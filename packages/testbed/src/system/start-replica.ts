import { randomUUID } from 'node:crypto'
import { startServer } from '@ticketing/server'
import { type AwsClientOptions, createAwsClients } from 'ticket-adapters/aws'
import { createMetrics } from 'ticket-adapters/metrics'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { AddressInUse } from '../simulators/listen-simulator.ts'
import type { Replica } from './machine.ts'
import { createServerLog, SERVER_SETTINGS } from './server-log.ts'

export interface ReplicaOptions {
  readonly aws: AwsClientOptions
  readonly secretId: string
  readonly clock: Clock
  readonly journal: JournalWriter
  readonly port: number
  /** Where the simulator of Trello is. */
  readonly trelloUrl: string
  /** Of the functions that are deployed beside it. */
  readonly release: string
  readonly slackUrl: string
  readonly escalateAfter?: number | undefined
}

/** A server behind a real listener, in this process. */
export async function startReplica({
  aws,
  secretId,
  clock,
  journal,
  port,
  trelloUrl,
  slackUrl,
  escalateAfter = SERVER_SETTINGS.escalateAfterMs,
  release,
}: ReplicaOptions): Promise<Replica> {
  const { log, redaction } = createServerLog({ clock, journal })
  const start = async (at: number): Promise<{ url: string; close(): Promise<void> }> => {
    const started = await startServer({
      settings: {
        ...SERVER_SETTINGS,
        secretId,
        port: at,
        trelloUrl,
        slackUrl,
        escalateAfterMs: escalateAfter,
        ...(aws.endpoint !== undefined && { endpoint: aws.endpoint }),
      },
      clients: createAwsClients(aws),
      clock,
      log,
      metrics: createMetrics(),
      fetch,
      newNonce: () => randomUUID(),
      release,
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
    kill() {
      throw new Error('this server runs in the process of the test: only a server on the virtual clock can be killed')
    },
  }
}
