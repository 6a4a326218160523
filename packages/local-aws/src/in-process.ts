import { Readable } from 'node:stream'
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols'
import { bytes, noBytes } from './wire/protocol.ts'
import type { CallableCloud } from './cloud.ts'
import type { DirectCall } from './answer-call.ts'
import type { Cloud, CloudResponse } from './http.ts'

/** What an SDK client takes as `requestHandler`. */
export interface InProcessHandler {
  handle(request: HttpRequest, options?: { abortSignal?: AbortLike }): Promise<{ response: HttpResponse }>
  /**
   * Answers a call that was not serialised (`useInProcessTransport`); undefined if it has to be. Without this
   * function every call is serialised.
   */
  handleCall?:
    | ((call: UnsentCall, options?: { abortSignal?: AbortLike }) => Promise<HttpResponse | undefined>)
    | undefined
  updateHttpClientConfig(): void
  httpHandlerConfigs(): Record<string, never>
  destroy(): void
}

/** A call of an SDK client before anything is serialised. */
export type UnsentCall = Omit<DirectCall, 'signal'>

/** The used part of an abort signal; the SDK has its own type for it. */
export interface AbortLike {
  readonly aborted: boolean
  onabort?: unknown
  addEventListener?(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener?(type: 'abort', listener: () => void): void
}

/**
 * An SDK `requestHandler` that calls the cloud as a function: no socket, same protocols. Give the client any endpoint,
 * for example `http://cloud.internal`.
 */
export function createInProcessHandler(cloud: Cloud | CallableCloud): InProcessHandler {
  return {
    handleCall:
      'answer' in cloud
        ? async (call, { abortSignal } = {}) => {
            const controller = new AbortController()
            const answered = cloud.answer({ ...call, signal: controller.signal })
            const answer = await unlessAborted(answered, { abortSignal, controller })
            return answer && toResponse(answer)
          }
        : undefined,
    async handle(request, { abortSignal } = {}) {
      const controller = new AbortController()
      const answered = cloud({
        method: request.method,
        target: request.path + queryOf(request.query),
        headers: { host: hostOf(request), ...lowerCase(request.headers) },
        body: await readBody(request.body),
        signal: controller.signal,
      })
      return { response: toResponse(await unlessAborted(answered, { abortSignal, controller })) }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  }
}

interface Aborting {
  readonly abortSignal: AbortLike | undefined
  readonly controller: AbortController
}

function doNothing(): void {}

async function unlessAborted<T>(answered: Promise<T>, { abortSignal, controller }: Aborting): Promise<T> {
  if (!abortSignal) return answered
  let listener = doNothing
  const aborted = new Promise<never>((_resolve, reject) => {
    listener = () => {
      controller.abort()
      reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }))
    }
    if (abortSignal.aborted) listener()
    else abortSignal.addEventListener?.('abort', listener, { once: true })
  })
  try {
    return await Promise.race([answered, aborted])
  } finally {
    abortSignal.removeEventListener?.('abort', listener)
  }
}

function hostOf({ hostname, port }: HttpRequest): string {
  return port === undefined ? hostname : `${hostname}:${port}`
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function queryOf(query: HttpRequest['query']): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    const key = encodeURIComponent(name)
    if (value === null) return [key]
    return (Array.isArray(value) ? value : [value]).map((item) => `${key}=${encodeURIComponent(item)}`)
  })
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

async function readBody(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return noBytes
  if (typeof body === 'string') return bytes(body)
  if (body instanceof Uint8Array) return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  if (!(body instanceof Readable) && !(body instanceof ReadableStream))
    throw new TypeError('A request body of an unknown kind.')
  const chunks: Uint8Array[] = []
  for await (const chunk of body) {
    if (typeof chunk === 'string') chunks.push(bytes(chunk))
    else if (chunk instanceof Uint8Array) chunks.push(chunk)
    else throw new TypeError('A request body has a chunk of an unknown kind.')
  }
  return Buffer.concat(chunks)
}

// The SDK streams S3's bodies and collects all others: for those, bytes avoid a stream.
function toResponse({ status, headers, body }: CloudResponse): HttpResponse {
  const streams = headers['x-amz-id-2'] !== undefined
  return new HttpResponse({ statusCode: status, headers: { ...headers }, body: streams ? streamOf(body) : body })
}

/** As `Readable.from([body])` in one step, not four. */
function streamOf(body: Uint8Array): Readable {
  const stream = new Readable({ read: () => undefined })
  stream.push(body)
  stream.push(null)
  return stream
}
