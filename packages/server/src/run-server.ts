import type { Clock, Log, Result } from 'ticket-core'
import type { StartFailure } from './explain-start.ts'
import type { RunningServer } from './start.ts'

export interface RunOptions {
  readonly start: () => Promise<Result<RunningServer, StartFailure>>
  readonly clock: Clock
  readonly log: Log
  /** One line for people. */
  readonly writeError: (line: string) => void
  /** Settles with the signal when the process is asked to stop. */
  readonly stopped: Promise<string>
}

/** Pauses between attempts to start while AWS does not answer, in milliseconds; then the supervisor may restart us. */
const PAUSES = [1000, 2000, 4000, 8000]

/** After SIGTERM the server answers for this many more milliseconds; Ctrl-C (SIGINT) ends it immediately. */
const LAME_DUCK = 3000

/** Runs until a signal. The exit code: 0 after a clean stop, 1 for a wrong configuration, 2 when AWS does not answer. */
export async function runServer({ start, clock, log, writeError, stopped }: RunOptions): Promise<0 | 1 | 2> {
  let stopping = false
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
    for (const line of lines) writeError(line)
    if (code !== 'unavailable') return 1
    const pause = PAUSES[attempt]
    if (pause === undefined) return 2
    await Promise.race([stop, wait(clock, pause)])
    if (stopping) return 0
  }
}

async function wait(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(ms, resolve)
  })
}
