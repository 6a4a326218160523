import { bytes, type WireRequest } from './wire/protocol.ts'
import type { CloudResponse } from './http.ts'

/** `GET /` from a browser or curl. SDKs sign their requests and send no `Accept`. */
export function answerLandingPage({ method, path, query, headers }: WireRequest): CloudResponse | undefined {
  const isBrowser = method === 'GET' && path === '/' && query.size === 0 && headers['accept'] !== undefined
  if (!isBrowser || headers['authorization'] !== undefined) return undefined
  const lines = [
    'This is an AWS on this machine, for the AWS CLI and every SDK: set AWS_ENDPOINT_URL to this address.',
    'What runs in it: /_localstack/health',
    '',
  ]
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: bytes(lines.join('\n')) }
}

/** `GET /_localstack/health`, which tools poll to wait for a local cloud. */
export function answerHealth({ method, path }: WireRequest, services: readonly string[]): CloudResponse | undefined {
  if (path !== '/_localstack/health' || (method !== 'GET' && method !== 'HEAD')) return undefined
  const body = JSON.stringify({ services: Object.fromEntries(services.map((name) => [name, 'running'])) })
  return { status: 200, headers: { 'content-type': 'application/json' }, body: bytes(method === 'GET' ? body : '') }
}
