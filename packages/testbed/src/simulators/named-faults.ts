import type { Interceptor, Verdict, When } from './intercept-calls.ts'
import type { Vendor, VendorEdge } from './vendor-edge.ts'

/** Where a fault stands: one operation, or all of a vendor. */
export type FaultPlace = VendorEdge | `${Vendor}.*`

/** What goes wrong, by name. */
type FaultKind =
  /** 429 as the vendor words it. `retryAfter` (seconds): Slack's default is 1, Trello's none. */
  | { readonly kind: '429'; readonly retryAfter?: number | 'none' }
  | { readonly kind: '5xx'; readonly status?: 500 | 502 | 503 | 504; readonly when?: When }
  | { readonly kind: '4xx'; readonly status: number; readonly body?: string }
  /** No answer, and nothing was done. */
  | { readonly kind: 'timeout-before-effect' }
  /** No answer, but it was done. */
  | { readonly kind: 'timeout-after-effect' }
  /** No answer, and it is done `ms` later. */
  | { readonly kind: 'timeout-late-effect'; readonly ms: number }
  /** The connection breaks. @default before */
  | { readonly kind: 'reset'; readonly when?: When }
  /** The answer comes `ms` later. @default before */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: When }
  /** Done, but the answer breaks off in the middle. */
  | { readonly kind: 'half-answer' }

export type Fault = FaultKind & {
  readonly at: FaultPlace
  /** How many calls it meets. @default until it is removed */
  readonly times?: number
  /** Only calls whose body names this ticket. */
  readonly ticket?: string
}

export interface ActiveFault {
  readonly fault: Fault
  /** How many calls it has met. */
  readonly fired: number
  remove(): void
}

export interface Faults {
  add(fault: Fault): ActiveFault
  /** Removes all. */
  clear(): void
  /** Faults that never met a call: a test that has some does not test what it says. */
  unfired(): readonly Fault[]
  /** Goes into each simulator's `intercept`. */
  readonly interceptor: Interceptor
}

/** Makes an empty set of faults. They are asked in the order in which they were added. */
export function createFaults(): Faults {
  const added: { fault: Fault; fired: number; removed: boolean }[] = []
  return {
    add: (fault) => {
      const entry = { fault, fired: 0, removed: false }
      added.push(entry)
      return {
        fault,
        get fired() {
          return entry.fired
        },
        remove: () => {
          entry.removed = true
        },
      }
    },
    clear: () => {
      for (const entry of added) entry.removed = true
    },
    unfired: () => added.filter((entry) => entry.fired === 0).map((entry) => entry.fault),
    interceptor: (call) => {
      const entry = added.find(
        ({ fault, fired, removed }) =>
          !removed &&
          fired < (fault.times ?? Number.POSITIVE_INFINITY) &&
          (fault.at === call.at || fault.at === `${call.vendor}.*`) &&
          (fault.ticket === undefined || fault.ticket === call.ticket),
      )
      if (!entry) return undefined
      entry.fired += 1
      return { name: entry.fault.kind, ...verdictOf(entry.fault, call.vendor) }
    },
  }
}

type Unnamed<Item> = Item extends unknown ? Omit<Item, 'name'> : never

function verdictOf(fault: FaultKind, vendor: Vendor): Unnamed<Verdict> {
  switch (fault.kind) {
    case '429':
      return { kind: 'answer', when: 'before', status: 429, ...tooMany(vendor, fault.retryAfter) }
    case '5xx':
      return { kind: 'answer', when: fault.when ?? 'before', status: fault.status ?? 503, body: 'Service Unavailable' }
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
  }
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
