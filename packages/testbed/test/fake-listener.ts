/** A request that a vendor sent to us. */
interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer: a status of HTTP, no connection, or nothing until the caller gives up. */
export type Status = number | 'refused' | 'silent'

/** Our side of a callback: keeps what it hears, and answers with the next of the given statuses, then with 200. */
export function createListener(...statuses: readonly Status[]) {
  const heard: Heard[] = []
  const next = [...statuses]
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const body = await request.text()
    heard.push({ method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body })
    const answer = next.shift() ?? 200
    if (answer === 'refused') throw new TypeError('fetch failed')
    if (answer === 'silent') return silence(request.signal)
    return new Response(null, { status: answer })
  }
  return { heard, fetch }
}

function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })
}
