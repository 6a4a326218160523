import type { Ticket } from 'ticket-core'

/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace, parent, flags. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/
const ZEROS = /^0+$/

/** The caller's trace if the header is valid, else one derived from the ticket's digest: the same on every replica. */
export function traceTicket(header: string | undefined, { source }: Pick<Ticket, 'source'>): string {
  return readTraceparent(header) ?? `00-${source.slice(0, 32)}-${source.slice(32, 48)}-01`
}

function readTraceparent(header: string | undefined): string | undefined {
  const [, version, trace = '', parent = '', flags, more] = TRACEPARENT.exec(header ?? '') ?? []
  if (version === undefined || version === 'ff' || ZEROS.test(trace) || ZEROS.test(parent)) return undefined
  // Version 00 has exactly four parts; in later versions the first four mean the same.
  if (version === '00' && more !== undefined) return undefined
  return `00-${trace}-${parent}-${flags}`
}
