import type { LedgerRecord } from 'ticket-core'

/** A ledger record for a person, one line a fact. */
export function describeRecord(record: LedgerRecord): string[] {
  const { attempts } = record
  const kept = [...(attempts.first ? [attempts.first] : []), ...attempts.last]
  return [
    `${record.id} is ${record.state} (life ${record.life}${record.suspect ? ', it may have been delivered in an attempt whose outcome is not known' : ''})`,
    ...(record.receipt
      ? [`  landed: ${record.receipt.where}${record.receipt.url === undefined ? '' : `  ${record.receipt.url}`}`]
      : []),
    ...(record.failure ? [`  cause: ${record.failure.code}: ${record.failure.reason}`] : []),
    ...(record.state === 'waiting' && record.retryAt !== undefined ? [`  next attempt: ${time(record.retryAt)}`] : []),
    ...(record.state === 'claimed' && record.claim
      ? [`  being delivered; the claim ends ${time(record.claim.until)}`]
      : []),
    `  attempts: ${attempts.count}`,
    ...kept.map(
      ({ at, outcome, code, reason }) =>
        `    ${time(at)}  ${outcome}${outcome === code ? '' : ` (${code})`}: ${reason}`,
    ),
  ]
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
