import type { AppSecret, Clock, Log, SecretSource } from 'ticket-core'
import type { Escalate } from './escalate.ts'
import type { ReportBacklog } from './report-backlog.ts'
import type { SweepBoard } from './sweep-board.ts'

export interface SweepPorts {
  readonly secret: Pick<SecretSource, 'current'>
  readonly sweepBoard: SweepBoard
  /** Undefined: tickets are never escalated. */
  readonly escalate?: Escalate | undefined
  readonly reportBacklog: ReportBacklog
  readonly clock: Clock
  readonly log: Log
}

/** Milliseconds between two sweeps. */
const EVERY = 60_000
/** From the start to the first one: a server that is restarted every few seconds must sweep too. */
const FIRST = 5_000
/** For one of them: a server that is stopped waits for it, and Docker gives it 20 s. What is left waits a minute. */
const LIMIT = 15_000

/** One sweep: what Trello did not call back about, what was not acknowledged, and how long tickets wait. It never rejects. */
export function createSweep(ports: SweepPorts): () => Promise<void> {
  const { secret, sweepBoard, escalate, reportBacklog, clock, log } = ports
  const attempt = async (work: Promise<void> | undefined): Promise<void> => {
    try {
      await work
    } catch (error) {
      log.write('error', 'sweep.defect', { reason: error instanceof Error ? error.message : 'unknown' })
    }
  }
  return async () => {
    const deadline = clock.monotonic() + LIMIT
    const read = await secret.current()
    const words = read.ok ? boardOf(read.value) : undefined
    await Promise.all([
      attempt(words && sweepBoard(words, deadline)),
      attempt(escalate?.(deadline)),
      attempt(reportBacklog(deadline)),
    ])
  }
}

/** Where Trello is not connected, what people do on the board says nothing. */
function boardOf({ trello, trelloApiSecret }: AppSecret): AppSecret['trello'] | undefined {
  return trelloApiSecret === undefined ? undefined : trello
}

/** Sweeps soon, then once a minute, until it is stopped; one sweep at a time. The returned function waits for the one that runs. */
export function startSweep(sweep: () => Promise<void>, clock: Clock): () => Promise<void> {
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  let cancel = wait(FIRST)
  function wait(ms: number): () => void {
    return clock.after(
      ms,
      () => {
        running = run()
      },
      'idle',
    )
  }
  async function run(): Promise<void> {
    await sweep()
    if (!isStopped) cancel = wait(EVERY)
  }
  return async () => {
    isStopped = true
    cancel()
    await running
  }
}
