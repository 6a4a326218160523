import type { Clock, Log, Result } from 'ticket-core'
import type { StartFailure } from './explain-start.ts'
import type { StandIn } from './stand-in.ts'
import type { RunningServer } from './start.ts'

export interface RunOptions {
  readonly start: () => Promise<Result<RunningServer, StartFailure>>
  readonly clock: Clock
  readonly log: Log
  /** One line for people. */
  readonly writeError: (line: string) => void
  /** Settles with the signal when the process is asked to stop. */
  readonly stopped: Promise<string>
  /**
   * For a supervisor that restarts whatever ends, as Kubernetes does: opens what answers its probes while no server runs.
   * With it no failure ends the process: it starts again and again, and writes its lines only when they change.
   */
  readonly standIn?: (() => Promise<StandIn>) | undefined
}

/** Pauses between attempts to start while AWS does not answer, in milliseconds; then the supervisor may restart us. */
const PAUSES = [1000, 2000, 4000, 8000]

/** Where a failure does not end the process, an AWS that does not answer is written down after this many attempts. */
const PATIENT_ATTEMPTS = 2

/** The pause after these, where a failure does not end the process. */
const LONGEST_PAUSE = 15_000

/** After SIGTERM the server answers for this many more milliseconds; Ctrl-C (SIGINT) ends it immediately. */
const LAME_DUCK = 3000

/**
 * Runs until a signal. The exit code: 0 after a clean stop, 1 for a wrong configuration, 2 when AWS does not answer; with
 * a `standIn` always 0.
 */
export async function runServer({ start, clock, log, writeError, stopped, standIn }: RunOptions): Promise<0 | 1 | 2> {
  let stopping = false
  let written = ''
  const stop = (async () => {
    const signal = await stopped
    stopping = true
    log.write('info', 'server.stopping', { signal })
    return signal
  })()
  for (let attempt = 0; ; attempt += 1) {
    const started = await start()
    if (started.ok) {
      const signal = await stop
      // A load balancer learns from /ready and from closed connections to send no more; then no request is cut off.
      if (signal !== 'SIGINT') {
        started.value.retire()
        await wait(clock, LAME_DUCK)
      }
      await started.value.close()
      log.write('info', 'server.stopped')
      return 0
    }
    const { code, lines } = started.failure
    const text = lines.join('\n')
    // A new pod may be there before its network is.
    const isEarly = code === 'unavailable' && attempt < PATIENT_ATTEMPTS
    if (!standIn || (text !== written && !isEarly)) {
      for (const line of lines) writeError(line)
      written = text
    }
    if (!standIn && code !== 'unavailable') return 1
    const pause = PAUSES[attempt] ?? (standIn && LONGEST_PAUSE)
    if (pause === undefined) return 2
    const stand = await standIn?.()
    await Promise.race([stop, wait(clock, pause)])
    await stand?.close()
    if (stopping) return 0
  }
}

async function wait(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(ms, resolve)
  })
}
