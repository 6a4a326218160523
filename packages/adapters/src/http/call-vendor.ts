import type { Clock } from 'ticket-core'
import { withDeadline } from '../clock/with-deadline.ts'
import { readNetworkFailure } from './network-failure.ts'

/** Global `fetch`, or anything that answers like it: a simulator in the same process, a proxy, a test. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How to call a vendor, and by which clock. */
export interface HttpEdge {
  readonly fetch: Fetch
  readonly clock: Clock
}

/** One request. `deadline`: of `Clock.monotonic`; nothing runs after it. */
export interface VendorCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly deadline: number
  /** Bytes of the answer that are read. @default 1 MiB */
  readonly maxBodyBytes?: number
}

/** The result of a call. `not-sent` is certain; after `no-answer` the vendor may have acted. Codes hold no URL. */
export type VendorAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly body: string
      readonly retryAfter?: string
    }
  | { readonly kind: 'not-sent'; readonly code: string }
  | { readonly kind: 'no-answer'; readonly code: string }

const MAX_BODY = 1_048_576

/** Makes one call and says whether it was answered, certainly not sent, or possibly received. */
export async function callVendor(edge: HttpEdge, call: VendorCall): Promise<VendorAnswer> {
  const timed = await withDeadline(edge.clock, call.deadline, (signal) => exchange(edge.fetch, call, signal))
  if (timed.kind === 'done') return timed.value
  if (timed.kind === 'late')
    return timed.started ? { kind: 'no-answer', code: 'timeout' } : { kind: 'not-sent', code: 'no-time-left' }
  const { sent, code } = readNetworkFailure(timed.error)
  return { kind: sent === 'no' ? 'not-sent' : 'no-answer', code }
}

async function exchange(fetch: Fetch, call: VendorCall, signal: AbortSignal): Promise<VendorAnswer> {
  const response = await fetch(call.url, {
    method: call.method,
    signal,
    // A redirect would carry the credentials to an address that is not configured.
    redirect: 'manual',
    ...(call.headers && { headers: call.headers }),
    ...(call.body !== undefined && { body: call.body }),
  })
  const body = await readBounded(response.body, call.maxBodyBytes ?? MAX_BODY)
  if (body === undefined) return { kind: 'no-answer', code: 'answer-too-large' }
  const retryAfter = response.headers.get('retry-after')
  return { kind: 'answered', status: response.status, body, ...(retryAfter !== null && { retryAfter }) }
}

/** Reads a body as UTF-8, `limit` bytes at most; undefined when it is longer (the rest is not read). */
async function readBounded(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string | undefined> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > limit) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
