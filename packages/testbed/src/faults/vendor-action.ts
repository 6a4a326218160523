import type { FaultAction } from '../simulators/intercept-calls.ts'
import type { Vendor } from '../simulators/vendor-edge.ts'
import type { CallFault } from './fault.ts'
import { stopCaller } from '../processes/simulated-process.ts'

/** How long a callback is held back so that others overtake it. */
const REORDERED_MS = 10_000

type Unnamed<Item> = Item extends unknown ? Omit<Item, 'name'> : never

/** The action of a fault on a call to a vendor. */
export function actionOf(fault: CallFault, vendor: Vendor): Unnamed<FaultAction> {
  switch (fault.kind) {
    case '429':
      return { kind: 'answer', when: 'before', status: 429, ...tooMany(vendor, fault.retryAfter) }
    case '5xx':
      return { kind: 'answer', when: fault.when ?? 'before', status: statusOf(fault), body: 'Service Unavailable' }
    case '4xx':
      return { kind: 'answer', when: 'before', status: fault.status, body: fault.body ?? 'refused by a fault' }
    case 'timeout-before-effect':
      return { kind: 'silence', when: 'before' }
    case 'timeout-after-effect':
      return { kind: 'silence', when: 'after' }
    case 'timeout-late-effect':
      return { kind: 'late-effect', ms: fault.ms }
    case 'reset':
      return { kind: 'reset', when: fault.when ?? 'before' }
    case 'slow':
      return { kind: 'slow', ms: fault.ms, when: fault.when ?? 'before' }
    case 'half-answer':
      return { kind: 'half-answer' }
    case 'crash':
    case 'killed':
    case 'timed-out':
      stopCaller(fault)
      return { kind: 'silence', when: fault.when ?? 'after' }
    case 'lost':
    case 'duplicate':
      return { kind: fault.kind }
    case 'delayed':
      return { kind: 'delayed', ms: fault.ms }
    case 'reordered':
      return { kind: 'delayed', ms: REORDERED_MS }
    case 'throttled':
    case 'denied':
    case 'conflict':
    case 'disk-full':
    case 'too-many-files':
    case 'damaged-page':
    case 'short-read':
    case 'batch-entry-failure':
      throw new Error(`"${fault.kind}" is not a fault of a vendor`)
  }
}

function statusOf(fault: object): number {
  return 'status' in fault && typeof fault.status === 'number' ? fault.status : 503
}

function tooMany(
  vendor: Vendor,
  retryAfter: number | 'none' | undefined,
): { body: string; headers: Record<string, string> } {
  const seconds = retryAfter ?? (vendor === 'trello' ? 'none' : 1)
  const header: Record<string, string> = seconds === 'none' ? {} : { 'retry-after': String(seconds) }
  return vendor === 'trello'
    ? {
        body: JSON.stringify({ error: 'API_TOKEN_LIMIT_EXCEEDED', message: 'Rate limit exceeded' }),
        headers: { ...header, 'content-type': 'application/json; charset=utf-8' },
      }
    : { body: 'rate_limited', headers: { ...header, 'content-type': 'text/html' } }
}
