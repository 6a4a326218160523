import type { Fetch } from '../src/http/call-vendor.ts'

export interface SeenCall {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** The parsed JSON body, or undefined. */
  readonly body: unknown
  /** The body as it was sent. */
  readonly text: string
}

/** `thrown`: whatever the network throws, be it an error or not. */
export type FakeAnswer = Response | Error | 'hang' | { readonly thrown: unknown }

/** A `fetch` whose network is this function; every call is kept. */
export function fakeFetch(answer: (call: SeenCall, count: number) => FakeAnswer): {
  readonly fetch: Fetch
  readonly calls: SeenCall[]
} {
  const calls: SeenCall[] = []
  return {
    calls,
    async fetch(url, init) {
      const text = typeof init.body === 'string' ? init.body : ''
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const call = { method: init.method ?? 'GET', url: new URL(url), headers: new Headers(init.headers), body, text }
      calls.push(call)
      const made = answer(call, calls.length)
      if (made instanceof Error) throw made
      if (made !== 'hang' && 'thrown' in made) return Promise.reject(made.thrown)
      if (made !== 'hang') return made
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      })
    },
  }
}

/** What `fetch` throws when the network fails with this code. */
export function fetchFailure(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}
