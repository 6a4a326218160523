import { getResponse } from 'msw'
import { refuseEgress } from '../egress/install-egress-guard.ts'
import type { Simulator } from './simulator.ts'

/**
 * A `fetch` that reaches the given simulators in process, by origin, without a socket. Anything else throws
 * an `EgressRefused`. A connection that a fault breaks rejects like Node's own fetch: a TypeError with a cause.
 */
export function createSimulatorFetch(simulators: readonly Simulator[]): typeof fetch {
  const simulatorFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { origin } = new URL(request.url)
    const simulator = simulators.find((candidate) => candidate.origin === origin)
    if (!simulator)
      throw refuseEgress(origin, { allowed: simulators.map((candidate) => candidate.origin), by: simulatorFetch })
    const answer = await Promise.race([
      getResponse([...simulator.handlers], request),
      rejectWhenAborted(request.signal),
    ])
    if (answer && answer.type !== 'error') return answer
    throw new TypeError('fetch failed', { cause: connectionReset() })
  }
  return simulatorFetch
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const rejectNow = (): void => {
      // fetch rejects with the caller's own reason.
      reject(signal.reason)
    }
    if (signal.aborted) rejectNow()
    else signal.addEventListener('abort', rejectNow, { once: true })
  })
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
}
