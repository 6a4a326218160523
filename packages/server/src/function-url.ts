import { Buffer } from 'node:buffer'
import { type Result, fail, succeed } from 'ticket-core'
import type { IncomingRequest, Reply } from './http-values.ts'

/** The answer that Lambda turns into HTTP, payload format 2.0. */
export interface FunctionUrlAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded: false
}

/**
 * Reads an event of a Function URL or an HTTP API, payload format 2.0. A base64 body is decoded first: the signature
 * is over the bytes that Teams sent. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function readFunctionUrlEvent(event: unknown): Result<IncomingRequest, { readonly code: 'not-an-http-event' }> {
  const shape = asRecord(event)
  const http = asRecord(asRecord(shape?.['requestContext'])?.['http'])
  const path = shape?.['rawPath']
  const from = http?.['sourceIp']
  const method = http?.['method']
  if (shape?.['version'] !== '2.0' || typeof path !== 'string' || typeof method !== 'string')
    return fail({ code: 'not-an-http-event' })
  const text = typeof shape['body'] === 'string' ? shape['body'] : ''
  const body = Buffer.from(text, shape['isBase64Encoded'] === true ? 'base64' : 'utf8')
  return succeed({
    method,
    path: withoutStage(path, shape),
    headers: readHeaders(shape['headers']),
    body,
    ...(typeof from === 'string' && { from }),
  })
}

/**
 * Where the caller reached the function: Lambda itself names it, by the request's host, so a caller cannot choose it.
 * Undefined for what is not a request.
 */
export function readFunctionAddress(event: unknown): string | undefined {
  const domain = asRecord(asRecord(event)?.['requestContext'])?.['domainName']
  return typeof domain === 'string' && /^[a-z0-9.-]+$/.test(domain) ? `https://${domain}` : undefined
}

/** The reply as Lambda wants it. */
export function toFunctionUrlAnswer({ status, headers, body }: Reply): FunctionUrlAnswer {
  return { statusCode: status, headers, body, isBase64Encoded: false }
}

/** An HTTP API puts the name of a stage before the path, except `$default`. */
function withoutStage(path: string, shape: Readonly<Record<string, unknown>>): string {
  const stage = asRecord(shape['requestContext'])?.['stage']
  if (typeof stage !== 'string' || stage === '$default') return path
  if (path === `/${stage}`) return '/'
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path
}

function readHeaders(value: unknown): IncomingRequest['headers'] {
  const headers: Record<string, string> = {}
  for (const [name, text] of Object.entries(asRecord(value) ?? {}))
    if (typeof text === 'string') headers[name.toLowerCase()] = text
  return headers
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}
