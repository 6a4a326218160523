import { AsyncLocalStorage } from 'node:async_hooks'
import type { InProcessHandler, ProcessEnd } from '@ticketing/local-aws'
import type { Clock } from 'ticket-core'
import type { ProcessName } from '../faults/edge.ts'
import type { ProcessFault } from '../faults/fault.ts'

/** A simulated process: its code runs in this process, and acts on its surroundings only through these ports. */
export interface SimulatedProcess {
  readonly name: ProcessName
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly requestHandler: InProcessHandler
  /** Aborted once it has ended. */
  readonly ended: AbortSignal
  /** Ends it immediately: it gets no more answers, and its calls have no more effect. */
  readonly exit: (end: ProcessEnd) => void
  /** From now on it hangs, as with a blocked event loop, until something ends it. */
  freeze(): void
  /** Whether it has ended or hangs. Code that acts by other means than these ports must check it. */
  isStopped(): boolean
  /** Resolves once it has ended or hangs. */
  readonly stopped: Promise<void>
  /** Reports a forbidden use, even if the code swallows the error. */
  readonly reportViolation: (error: Error) => void
}

export interface ProcessPorts {
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly requestHandler: InProcessHandler
}

const running = new AsyncLocalStorage<SimulatedProcess>()

/** The process that makes the current call, if it is a simulated one. */
export function callingProcess(): SimulatedProcess | undefined {
  return running.getStore()
}

/** Runs code as that process. */
export function runAs<Value>(process: SimulatedProcess, run: () => Value): Value {
  return running.run(process, run)
}

/** Ends the process that makes the current call, or lets it hang. */
export function stopCaller({ kind }: Pick<ProcessFault, 'kind'>): void {
  const caller = callingProcess()
  switch (kind) {
    case 'crash':
      return caller?.exit({ code: 1, signal: null })
    case 'killed':
      return caller?.exit({ code: null, signal: 'SIGKILL' })
    case 'timed-out':
      return caller?.freeze()
  }
}

const NEVER = new Promise<never>(() => {})

/** Wraps the ports for one process. `ended` and `exit` come from its execution environment. */
export function simulateProcess(
  name: ProcessName,
  ports: ProcessPorts,
  { ended, exit, reportViolation }: Pick<SimulatedProcess, 'ended' | 'exit' | 'reportViolation'>,
): SimulatedProcess {
  let isFrozen = false
  const isStopped = (): boolean => isFrozen || ended.aborted
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  if (ended.aborted) stop()
  else ended.addEventListener('abort', () => stop(), { once: true })
  const call = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    if (isStopped()) return NEVER
    try {
      const answer = await running.run(self, run)
      return isStopped() ? await NEVER : answer
    } catch (error) {
      if (isStopped()) return NEVER
      throw error
    }
  }
  const { clock, requestHandler } = ports
  const { handleCall } = requestHandler
  const self: SimulatedProcess = {
    name,
    ended,
    exit,
    freeze() {
      isFrozen = true
      stop()
    },
    isStopped,
    stopped,
    reportViolation,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, run, mark) => {
        const fire = (): void => {
          ended.removeEventListener('abort', cancel)
          if (!isStopped()) running.run(self, run)
        }
        const cancel = clock.after(ms, fire, mark)
        // Its process has ended: the timer must not keep the clock busy.
        ended.addEventListener('abort', cancel, { once: true })
        return () => {
          ended.removeEventListener('abort', cancel)
          cancel()
        }
      },
    },
    fetch: (input, init) =>
      call(() =>
        ports.fetch(input, { ...init, signal: AbortSignal.any([ended, ...(init?.signal ? [init.signal] : [])]) }),
      ),
    requestHandler: {
      ...requestHandler,
      handle: (request, options) => call(() => requestHandler.handle(request, options)),
      handleCall: handleCall && ((unsent, options) => call(() => handleCall(unsent, options))),
    },
  }
  return self
}
