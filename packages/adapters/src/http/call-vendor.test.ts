import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { startClock } from '../../test/clock.ts'
import { readBody, startVendor } from '../../test/vendor-server.ts'
import { systemClock } from '../clock/index.ts'
import { callVendor } from './call-vendor.ts'

const edge = { fetch: globalThis.fetch, clock: systemClock }
const soon = (): number => systemClock.monotonic() + 10_000

describe('over a real socket', () => {
  test('an answer comes with status, body and Retry-After', async () => {
    const vendor = await startVendor(async (request, response) => {
      const body = await readBody(request)
      response.writeHead(429, { 'retry-after': '7' }).end(`${request.method} ${String(request.headers['x-a'])} ${body}`)
    })
    const call = { method: 'POST', url: vendor.url, headers: { 'x-a': 'b' }, body: 'ünï', deadline: soon() } as const
    expect(await callVendor(edge, call)).toEqual({ kind: 'answered', status: 429, body: 'POST b ünï', retryAfter: '7' })
  })

  test('a redirect is an answer, and is not followed', async () => {
    let seen = 0
    const vendor = await startVendor((_, response) => {
      seen += 1
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const answer = await callVendor(edge, { method: 'GET', url: vendor.url, deadline: soon() })
    expect(answer).toEqual({ kind: 'answered', status: 302, body: '' })
    expect(seen).toBe(1)
  })

  test('a closed port: not sent', async () => {
    const vendor = await startVendor(() => {})
    await vendor.close()
    const answer = await callVendor(edge, { method: 'GET', url: vendor.url, deadline: soon() })
    expect(answer).toEqual({ kind: 'not-sent', code: 'ECONNREFUSED' })
  })

  test('a connection cut after the request: no answer', async () => {
    const vendor = await startVendor((request) => {
      request.socket.destroy()
    })
    const answer = await callVendor(edge, { method: 'POST', url: vendor.url, body: 'x', deadline: soon() })
    expect(answer.kind).toBe('no-answer')
  })

  test('a connection cut in the middle of the answer: no answer', async () => {
    const vendor = await startVendor((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy())
    })
    const answer = await callVendor(edge, { method: 'POST', url: vendor.url, body: 'x', deadline: soon() })
    expect(answer.kind).toBe('no-answer')
  })

  test('an answer above the limit: no answer, and the rest is not read', async () => {
    const vendor = await startVendor((_, response) => {
      response.end('x'.repeat(2000))
    })
    const call = { method: 'GET', url: vendor.url, deadline: soon(), maxBodyBytes: 1999 } as const
    expect(await callVendor(edge, call)).toEqual({ kind: 'no-answer', code: 'answer-too-large' })
  })

  test('at the deadline the socket is closed', async () => {
    const clock = startClock()
    const arrived = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const vendor = await startVendor((request) => {
      void once(request.socket, 'close').then(() => closed.resolve())
      arrived.resolve()
    })
    const deadline = clock.monotonic() + 5000
    const answer = callVendor({ fetch: globalThis.fetch, clock }, { method: 'GET', url: vendor.url, deadline })
    await arrived.promise
    await clock.advance(5000)
    expect(await answer).toEqual({ kind: 'no-answer', code: 'timeout' })
    await closed.promise
  })
})

test('after the deadline nothing is sent', async () => {
  const clock = startClock()
  const call = { method: 'GET', url: 'http://127.0.0.1:1', deadline: clock.monotonic() } as const
  expect(await callVendor({ fetch: globalThis.fetch, clock }, call)).toEqual({ kind: 'not-sent', code: 'no-time-left' })
})

async function kindOf(error: unknown): Promise<unknown> {
  const clock = startClock()
  const call = { method: 'POST', url: 'https://x.test/secret', deadline: clock.monotonic() + 1 } as const
  const { fetch } = fakeFetch(() => ({ thrown: error }))
  return callVendor({ clock, fetch }, call)
}

describe('what fetch throws', () => {
  test.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ])('%s means not sent', async (code) => {
    expect(await kindOf(fetchFailure(code))).toEqual({ kind: 'not-sent', code })
  })

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])(
    '%s leaves open what happened',
    async (code) => {
      expect(await kindOf(fetchFailure(code))).toEqual({ kind: 'no-answer', code })
    },
  )

  test('several addresses, all refused, means not sent; one that got further does not', async () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    const allRefused = new TypeError('fetch failed', { cause: new AggregateError([refused, refused]) })
    const oneReset = new TypeError('fetch failed', { cause: new AggregateError([refused, reset]) })
    expect(await kindOf(allRefused)).toEqual({ kind: 'not-sent', code: 'ECONNREFUSED' })
    expect(await kindOf(oneReset)).toEqual({ kind: 'no-answer', code: 'ECONNRESET' })
  })

  test.each([new Error('odd'), 'a text', undefined, { code: 7 }])(
    'anything else (%s) leaves it open',
    async (error) => {
      expect(await kindOf(error)).toEqual({ kind: 'no-answer', code: 'no-code' })
    },
  )
})
