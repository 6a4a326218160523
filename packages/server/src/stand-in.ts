import type { Clock, Log, Metrics } from 'ticket-core'
import { replyJson, type Handle } from './http-values.ts'
import { listen } from './listen.ts'

/** What answers while no server runs. */
export interface StandIn {
  close(): Promise<void>
}

export interface StandInOptions {
  readonly host: string
  readonly port: number
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** `/health` says alive, so that the process is not restarted; all else is 503, so that it gets no message. */
const handle: Handle = async ({ path }) =>
  path.split('?')[0] === '/health'
    ? replyJson({ status: 'alive' })
    : replyJson({ status: 'not ready', waitingFor: ['start'] }, 503)

/** Answers probes where the server would listen. Where that is not possible it answers nothing: `start` has said why. */
export async function openStandIn(options: StandInOptions): Promise<StandIn> {
  try {
    return await listen({ ...options, handle })
  } catch {
    return { close: async () => {} }
  }
}
