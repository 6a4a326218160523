import { connectLine as connectOurs, startSweep } from '@ticketing/server'
import { type AwsClientOptions, createAwsClients } from 'ticket-adapters/aws'
import { createMetrics } from 'ticket-adapters/metrics'
import type { JournalWriter } from '../journal/create-journal.ts'
import { runAs, simulateProcess, type ProcessPorts, type SimulatedProcess } from '../processes/simulated-process.ts'
import type { Network } from './network.ts'
import type { Replica } from './machine.ts'
import { withoutWire } from './without-wire.ts'
import { createServerLog, SERVER_SETTINGS } from './server-log.ts'

export interface VirtualReplicaOptions {
  readonly url: string
  readonly secretId: string
  readonly aws: AwsClientOptions
  readonly ports: ProcessPorts
  readonly network: Network
  readonly journal: JournalWriter
  /** Where the simulator of Trello is. */
  readonly trelloUrl: string
  readonly slackUrl: string
  /** @default ours */
  readonly connectLine?: typeof connectOurs | undefined
  /** Undefined: the server does not sweep. */
  readonly sweep?: SweepOptions | undefined
  readonly newNonce: () => string
  readonly reportViolation: SimulatedProcess['reportViolation']
}

/** What the server's sweep does. */
export interface SweepOptions {
  /** Milliseconds until a high ticket that is not acknowledged is escalated; 0: never. @default 15 minutes */
  readonly escalateAfter?: number
}

interface Running {
  /** Whether it has ended or hangs. */
  isStopped(): boolean
  stop(): Promise<void>
  kill(): void
}

/** A server without a socket: line 1 with its AWS behind it, in a simulated process. */
export async function createVirtualReplica(options: VirtualReplicaOptions): Promise<Replica> {
  const { url, secretId, aws, ports, network, journal, trelloUrl, slackUrl, sweep, newNonce, reportViolation } = options
  const { connectLine = connectOurs } = options

  const boot = async (): Promise<Running> => {
    const ended = new AbortController()
    const process = simulateProcess('server', ports, {
      ended: ended.signal,
      exit: () => ended.abort(),
      reportViolation,
    })
    const note: JournalWriter['note'] = (event) => {
      if (!process.isStopped()) journal.note(event)
    }
    const { log, redaction } = createServerLog({ clock: process.clock, journal: { note } })
    const connecting = connectLine({
      settings: {
        ...SERVER_SETTINGS,
        secretId,
        publicUrl: url,
        trelloUrl,
        slackUrl,
        ...(sweep?.escalateAfter !== undefined && { escalateAfterMs: sweep.escalateAfter }),
        ...(aws.endpoint !== undefined && { endpoint: aws.endpoint }),
      },
      clients: withoutWire(createAwsClients({ ...aws, requestHandler: process.requestHandler })),
      clock: process.clock,
      log,
      metrics: createMetrics(),
      fetch: process.fetch,
      newNonce,
      onSecret: (secret) => redaction.hideAppSecret(secret),
    })
    const connected = await Promise.race([connecting, process.stopped])
    if (!connected) throw new Error('the server did not start: a fault ended it, or it hangs')
    if (!connected.ok) throw new Error(`the server did not start: ${connected.failure.lines.join('; ')}`)
    const { handle, drain } = connected.value
    const stopSweep = sweep && runAs(process, () => startSweep(connected.value.sweep, process.clock))
    const stopServing = network.serve(url, (request) => runAs(process, () => handle(request)), ended.signal)
    const leaveGracefully = async (): Promise<void> => {
      await stopServing()
      await stopSweep?.()
      await drain()
    }
    return {
      isStopped: () => process.isStopped(),
      async stop() {
        // A process that has ended or hangs answers no more, also if that happens during the stop: do not wait for it.
        await Promise.race([process.stopped, leaveGracefully()])
        ended.abort()
      },
      kill: () => ended.abort(),
    }
  }

  let running: Running | undefined = await boot()
  return {
    url,
    async stop() {
      const stopping = running
      running = undefined
      await stopping?.stop()
    },
    async start() {
      if (running && !running.isStopped()) return
      running?.kill()
      running = await boot()
    },
    kill() {
      running?.kill()
      running = undefined
    },
  }
}
