import type { CloudRequest } from '../http.ts'
import type { WireRequest } from './protocol.ts'
import { splitTarget } from './split-target.ts'

/** Parses a request's URL. */
export function readWire(request: CloudRequest, now: number): WireRequest {
  const { path, query } = splitTarget(request.target)
  const host = request.headers['host'] ?? 'localhost'
  const scheme = request.headers['x-forwarded-proto'] ?? 'http'
  return { ...request, path, query, baseUrl: `${scheme}://${host}`, now }
}
