import type { CloudRequest } from '../http.ts'
import type { WireRequest } from './protocol.ts'

/** Parses a request's URL. */
export function readWire(request: CloudRequest, now: number): WireRequest {
  const { path, query } = splitTarget(request.target)
  const host = request.headers['host'] ?? 'localhost'
  const scheme = request.headers['x-forwarded-proto'] ?? 'http'
  return { ...request, path, query, baseUrl: `${scheme}://${host}`, now }
}

/** Path and query of a request target; an absolute one (a proxy's) loses its origin. The path stays as sent. */
export function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const local = target.replace(/^https?:\/\/[^/?]+/i, '')
  const mark = local.indexOf('?')
  const path = mark < 0 ? local : local.slice(0, mark)
  return { path: path === '' ? '/' : path, query: new URLSearchParams(mark < 0 ? '' : local.slice(mark + 1)) }
}
