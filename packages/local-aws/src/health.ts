import { bytes } from './wire/protocol.ts'
import type { CloudResponse } from './http.ts'
import type { WireRequest } from './wire/protocol.ts'

/** `GET /_localstack/health`, where tools that wait for a local cloud look. */
export function answerHealth({ method, path }: WireRequest, services: readonly string[]): CloudResponse | undefined {
  if (path !== '/_localstack/health' || (method !== 'GET' && method !== 'HEAD')) return undefined
  const body = JSON.stringify({ services: Object.fromEntries(services.map((name) => [name, 'running'])) })
  return { status: 200, headers: { 'content-type': 'application/json' }, body: bytes(method === 'GET' ? body : '') }
}
