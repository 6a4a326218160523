import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyLimitOf, type BodyLimit } from './body-limit.ts'
import { findForeignRequest } from './foreign-request.ts'
import { readBody } from './read-body.ts'
import { AwsError } from './service.ts'
import { noBytes } from './wire/protocol.ts'
import type { Cloud, CloudRequest, CloudResponse } from './http.ts'
import { randomUUID } from 'node:crypto'
import { loadApi } from './wire/apis.ts'
import { readCredential } from './wire/credential.ts'
import { detectService } from './wire/detect.ts'
import { protocols } from './wire/protocols.ts'
import { readWire } from './wire/read-wire.ts'

/** A request, and what answers it. */
export interface Exchange {
  readonly cloud: Cloud
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Requests that have no answer yet: aborting one ends its long poll. */
  readonly open: Set<AbortController>
  readonly hostNames: readonly string[]
}

/** Answers a listener's request. One of a web page, or with too large a body, is refused before its body is read. */
export async function serveRequest({ cloud, request, response, open, hostNames }: Exchange): Promise<void> {
  const controller = new AbortController()
  open.add(controller)
  response.once('close', () => {
    open.delete(controller)
    if (!response.writableFinished) controller.abort()
  })
  try {
    const head = readHead(request)
    const limit = bodyLimitOf(head)
    const refusal = findRefusal(head, hostNames, limit)
    if (!refusal && request.headers.expect !== undefined) response.writeContinue()
    const stop = (): void => void request.destroy()
    controller.signal.addEventListener('abort', stop)
    const body = refusal ? undefined : await readBody(request, limit.bytes)
    controller.signal.removeEventListener('abort', stop)
    if (!body) {
      controller.signal.addEventListener('abort', () => void request.destroy())
      refuseUnread(request, response, await refuseCall(head, refusal ?? limit.error(limit.bytes + 1)))
      return
    }
    const answer = await cloud({ ...head, body, signal: controller.signal })
    if (response.destroyed) return
    // The listener is closing: this connection must not be kept for another request.
    if (controller.signal.aborted) response.shouldKeepAlive = false
    send(request, response, answer)
  } catch {
    // The client disconnected, or the cloud itself failed: this socket cannot carry a response.
    response.destroy()
  }
}

/** The error that the head alone calls for. */
function findRefusal(head: CloudRequest, hostNames: readonly string[], limit: BodyLimit): AwsError | undefined {
  const foreign = findForeignRequest(head, hostNames)
  if (foreign) return new AwsError('AccessDenied', foreign.text, { status: 403 })
  const announced = Number(head.headers['content-length'] ?? 0)
  return announced > limit.bytes ? limit.error(announced) : undefined
}

function send(request: IncomingMessage, response: ServerResponse, answer: CloudResponse): void {
  writeHead(request, response, answer)
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

function writeHead(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: CloudResponse,
): void {
  const length = method === 'HEAD' || status === 304 || status === 204 ? undefined : body.length
  const fitting = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerText(name, value)]))
  const disposition = fitting['content-disposition']
  // Node reads this one header's bytes as UTF-8 where it knows the length: https://github.com/nodejs/node/pull/46528
  if (length !== undefined && disposition !== undefined) fitting['content-disposition'] = bytesOf(disposition)
  response.writeHead(status, { ...fitting, ...(length !== undefined && { 'content-length': String(length) }) })
}

/**
 * A stored value as a header: non-ASCII metadata is encoded as S3 does (RFC 2047), other headers as UTF-8, and a
 * control character becomes a blank. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
function headerText(name: string, value: string): string {
  const line = value.replaceAll(/[^\t\u0020-\u007E\u0080-\u{10FFFF}]/gu, ' ')
  if (!/[\u0100-\u{10FFFF}]/u.test(line)) return line
  if (name.startsWith('x-amz-meta-')) return `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`
  return bytesOf(line)
}

/** Text as the bytes of its UTF-8, one character each. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** Bytes of a refused body to read and discard: some clients read the response only after they sent everything. */
const MAX_DISCARDED = 1_048_576

/** Answers at once, discards the body, and closes the connection. */
function refuseUnread(request: IncomingMessage, response: ServerResponse, answer: CloudResponse): void {
  response.shouldKeepAlive = false
  writeHead(request, response, answer)
  if (request.method === 'HEAD') response.flushHeaders()
  else response.write(answer.body)
  let discarded = 0
  request.on('end', () => void response.end())
  request.on('data', (chunk: Uint8Array) => {
    discarded += chunk.length
    if (discarded > MAX_DISCARDED) response.end()
  })
}

function readHead(request: IncomingMessage): CloudRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const { method = 'GET', url: target = '/' } = request
  return { method, target, headers, body: noBytes, address: request.socket.remoteAddress }
}

/** Rejects a request before it reaches a service, in the error format of its client. */
async function refuseCall(request: CloudRequest, error: AwsError): Promise<CloudResponse> {
  const wire = readWire(request, 0)
  const detected = detectService(wire, readCredential(wire.headers, wire.query))
  const api = await loadApi(detected.service)
  const { method } = request
  return protocols[detected.protocol].writeError({ api, error, requestId: randomUUID(), method })
}
