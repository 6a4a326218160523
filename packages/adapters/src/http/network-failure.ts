/**
 * Codes of Node, OpenSSL and undici that say that no request has left: the connection was never there. Every other
 * failure may have come after the request was sent. https://nodejs.org/api/errors.html#common-system-errors
 */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
  'EPROTO',
])

/** Whether a failed request surely never left, or may have; `code` is the system's, and holds no address or URL. */
export interface NetworkFailure {
  readonly sent: 'no' | 'maybe'
  readonly code: string
}

/**
 * Reads what `fetch` or an SDK threw: the first code in its chain of causes decides. Of several addresses tried at
 * once (an `AggregateError`) every one must have failed to connect.
 */
export function readNetworkFailure(error: unknown): NetworkFailure {
  for (let cause = error, depth = 0; isObject(cause) && depth < 8; cause = cause['cause'], depth += 1) {
    if (Array.isArray(cause['errors']) && cause['errors'].length > 0) return joinFailures(cause['errors'])
    const code = cause['code']
    if (typeof code === 'string') return { sent: neverLeft(code, cause) ? 'no' : 'maybe', code }
  }
  return { sent: 'maybe', code: 'no-code' }
}

function joinFailures(errors: readonly unknown[]): NetworkFailure {
  const failures = errors.map(readNetworkFailure)
  return failures.find(({ sent }) => sent === 'maybe') ?? failures[0] ?? { sent: 'maybe', code: 'no-code' }
}

function neverLeft(code: string, error: Record<string, unknown>): boolean {
  if (NEVER_CONNECTED.has(code) || code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_')) return true
  // While connecting, a time-out or reset of the socket itself comes before any byte of ours.
  return error['syscall'] === 'connect'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
