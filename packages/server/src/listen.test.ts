import { Buffer } from 'node:buffer'
import { Agent, request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import type { Clock } from 'ticket-core'
import { dial, hangUp, type Dialled } from '../test/dial.ts'
import { createVirtualClock, type VirtualClock } from '@ticketing/local-aws'
import { type LogLine, NOW, promised } from '../test/intake.ts'
import { type Handle, type IncomingRequest, type Reply, BODY_LIMIT, replyText } from './http-values.ts'
import { type Listening, listen } from './listen.ts'

const opened: { readonly server: Listening; readonly clock: VirtualClock }[] = []

afterEach(async () => {
  hangUp()
  await Promise.all(opened.splice(0).map(close))
})

async function close({ server, clock }: { server: Listening; clock: VirtualClock }): Promise<void> {
  const closed = server.close()
  await clock.advance(2500)
  await closed
}

async function open(
  handle: Handle,
  limits: { readonly bodyBudgetBytes?: number; readonly clock?: Clock } = {},
): Promise<{ server: Listening; url: string; clock: VirtualClock; lines: LogLine[] }> {
  const clock = createVirtualClock(NOW)
  const lines: LogLine[] = []
  const log = {
    write: (level: LogLine['level'], event: string, fields: object = {}) =>
      void lines.push({ level, event, fields: { ...fields } }),
  }
  const server = await listen({ handle, host: '127.0.0.1', port: 0, clock, log, metrics: createMetrics(), ...limits })
  opened.push({ server, clock })
  return { server, url: `http://127.0.0.1:${server.port}`, clock, lines }
}

const untouched: Handle = () => Promise.reject(new Error('the line was reached'))

const echo: Handle = async ({ body }) => replyText(200, Buffer.from(body).toString('utf8'))

/** A line whose answers the test gives; `arrived` settles when a request has reached it. */
function hold(): { handle: Handle; arrived: Promise<IncomingRequest>; answer: (reply: Reply) => void } {
  const arrival = promised<IncomingRequest>()
  const reply = promised<Reply>()
  const handle: Handle = (request) => {
    arrival.resolve(request)
    return reply.promise
  }
  return { handle, arrived: arrival.promise, answer: reply.resolve }
}

describe('a request', () => {
  it('reaches the line byte for byte, also when a character is split between two packets', async () => {
    const { server } = await open(echo)
    const { socket, until } = await dial(server)
    const bytes = Buffer.from('é🍺')
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes.length}\r\n\r\n`)
    socket.write(bytes.subarray(0, 3))
    socket.write(bytes.subarray(3))
    expect(await until('🍺')).toContain('é🍺')
  })

  it('of exactly 256 KiB is taken', async () => {
    const { url } = await open(echo)
    const answer = await fetch(url, { method: 'POST', body: 'x'.repeat(262_144) })
    expect(answer.status).toBe(200)
    expect((await answer.text()).length).toBe(262_144)
  })

  it('with two Authorization headers counts by the first, as everywhere in HTTP', async () => {
    const { server } = await open(async ({ headers }) => replyText(200, `[${String(headers['authorization'])}]`))
    const { socket, until } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nAuthorization: one\r\nAuthorization: two\r\nContent-Length: 0\r\n\r\n')
    expect(await until(']')).toContain('[one]')
  })

  it('that meets a bug gets a bare 500, and the log shows the bug', async () => {
    const { url, lines } = await open(() => Promise.reject(new Error('a bug of ours')))
    const answer = await fetch(url, { method: 'POST', body: 'x' })
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe('Internal Server Error\n')
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'server.defect' }))
  })

  it('finds its connection kept for the next one', async () => {
    const { server } = await open(echo)
    const { socket, until } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none')
    const first = await until('one')
    expect(first).toContain('Connection: keep-alive')
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo')
    expect(await until('two')).toContain('two')
  })
})

describe('what is refused before the handler', () => {
  it('a body announced as larger than 256 KiB: 413, without reading any of it', async () => {
    const { server, lines } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n')
    const answer = await all
    expect(lines).toMatchObject([{ event: 'request.refused', fields: { code: 'body-too-large', status: 413 } }])
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toMatch(/connection: close/i)
  })

  it('the same with "Expect: 100-continue": the server never sends 100', async () => {
    const { server } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 262145\r\n\r\n')
    expect(await all).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('a body without a length that grows past 256 KiB: 413', async () => {
    const { server } = await open(untouched)
    const { socket, until } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    socket.write(`40001\r\n${'x'.repeat(0x4_0001)}\r\n`)
    expect(await until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('a body that does not come within three seconds: 408', async () => {
    const { server, clock, lines } = await open(untouched)
    const { socket, all, until } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n')
    await until('100 Continue')
    socket.write('half')
    await clock.advance(3000)
    expect(await all).toContain('HTTP/1.1 408 ')
    expect(lines.at(-1)?.fields['code']).toBe('body-too-slow')
  })

  it('unfinished bodies over the budget: the largest gets 503, and a small one is still answered', async () => {
    const { server, url, lines } = await open(echo, { bodyBudgetBytes: 100_000 })
    const begin = async (bytes: number): Promise<Dialled> => {
      const dialled = await dial(server)
      dialled.socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 90000\r\n\r\n')
      await dialled.until('100 Continue')
      dialled.socket.write('x'.repeat(bytes))
      return dialled
    }
    const large = await begin(60_000)
    const small = await begin(41_000)
    expect(await large.all).toMatch(/\r\n\r\nHTTP\/1\.1 503 /)
    expect(lines.at(-1)?.fields['code']).toBe('body-crowded-out')
    expect(await (await fetch(url, { method: 'POST', body: 'a ticket' })).text()).toBe('a ticket')
    small.socket.write('x'.repeat(49_000))
    expect(await small.until('xxx')).toContain('HTTP/1.1 200 ')
    // What was answered is held no more.
    const next = await begin(89_999)
    next.socket.write('x')
    expect(await next.until('xxx')).toContain('HTTP/1.1 200 ')
  })

  const CHUNKED = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'

  it.each([
    ['200,000 chunks of one byte', '1\r\nx\r\n'.repeat(200_000)],
    ['chunk extensions far larger than the data', `1;${'a'.repeat(15_000)}\r\nx\r\n`.repeat(100)],
  ])('%s: 413 long before their end, and the connection is closed', async (_what, chunks) => {
    const { server, url, lines } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write(CHUNKED + chunks)
    expect(await all).toMatch(/^HTTP\/1\.1 413 /)
    expect(lines.map(({ fields }) => fields['code'])).toEqual(['body-too-much-framing'])
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(BODY_LIMIT + 1) })).status).toBe(413)
  })

  it('a body of 256 KiB in chunks of 128 bytes is read whole', async () => {
    const { server } = await open(async ({ body }) => replyText(200, `${body.byteLength} bytes`))
    const { socket, until } = await dial(server)
    socket.write(`${CHUNKED}${`80\r\n${'x'.repeat(128)}\r\n`.repeat(2048)}0\r\n\r\n`)
    expect(await until(' bytes')).toContain(`${BODY_LIMIT} bytes`)
  })

  it('a head of more than 16 KiB: 431', async () => {
    const { server } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nAuthorization: HMAC ${'A'.repeat(20_000)}\r\n\r\n`)
    expect(await all).toMatch(/^HTTP\/1\.1 431 /)
  })

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a control character in a header', 'POST / HTTP/1.1\r\nHost: x\r\nA: \u0001\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('%s: 400', async (_, text) => {
    const { server } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write(text)
    expect(await all).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('a caller that hangs up in the middle of its body, and the server still answers', async () => {
    const { server, url, lines } = await open(async () => replyText(200, 'fine'))
    const { socket, until } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n')
    await until('100 Continue')
    socket.destroy()
    await expect.poll(() => lines.at(-1)?.fields['code']).toBe('body-gone')
    expect(await (await fetch(url)).text()).toBe('fine')
  })
})

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx'

describe('a second request before the first is answered', () => {
  it('is not read: the first gets its answer, which closes the connection', async () => {
    const { handle, arrived, answer } = hold()
    let reached = 0
    const { server, lines } = await open((request) => {
      reached += 1
      return handle(request)
    })
    const { socket, all } = await dial(server)
    socket.write(POST.repeat(2000))
    await arrived
    answer(replyText(200, 'the first'))
    const answered = await all
    expect(answered).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*connection: close\r\n/i)
    expect(answered.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(reached).toBe(1)
    expect(lines.map(({ fields }) => [fields['code'], fields['from']])).toEqual([['pipelined', '127.0.0.1']])
  })

  it('does not reach the handler either when it comes alone, while the answer is on its way', async () => {
    const { handle, arrived, answer } = hold()
    const { server, lines } = await open(handle)
    const { socket, all } = await dial(server)
    socket.write(POST)
    await arrived
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => lines.at(-1)?.fields['code']).toBe('pipelined')
    answer(replyText(200, 'x'.repeat(1_000_000)))
    expect((await all).match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it('is not what normal clients send: a thousand requests, one after another, share a connection', async () => {
    const { server, lines } = await open(echo)
    const { socket, until } = await dial(server)
    for (let count = 1; count <= 1000; count += 1) {
      const body = `<${count}>`
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      await until(body)
    }
    expect(lines).toEqual([])
  })

  it.each([
    ['garbage', 'hello\r\n\r\n'],
    ['a line feed too many and a zero', '\n\u0000'],
    ['a broken head', 'GET / HTTP/1.1\r\nA: \u0001\r\n\r\n'],
  ])('that is none (%s) leaves the first its answer', async (_, garbage) => {
    const { handle, arrived, answer } = hold()
    const { server, lines } = await open(handle)
    const { socket, all } = await dial(server)
    socket.write(POST + garbage)
    await arrived
    answer(replyText(200, 'its answer'))
    expect(await all).toMatch(/^HTTP\/1\.1 200 [^]*its answer$/)
    expect(lines.map(({ fields }) => fields['code'])).toEqual(['followed-by-garbage'])
  })
})

describe('a body is bounded', () => {
  const HEADS = ['GET /', 'HEAD /health', 'PUT /x', 'DELETE /metrics', 'OPTIONS *', 'PROPFIND /', 'POST /ready']

  it.each(HEADS)('with %s, announced: 413', async (head) => {
    const { server } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write(`${head} HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000000\r\n\r\n`)
    expect(await all).toMatch(/^HTTP\/1\.1 413 /)
  })

  it.each(HEADS)('with %s, in chunks: 413', async (head) => {
    const { server } = await open(untouched)
    const { socket, until } = await dial(server)
    socket.write(`${head} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`)
    socket.write(`40001\r\n${'x'.repeat(0x4_0001)}\r\n`)
    expect(await until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('with an unknown expectation: 413', async () => {
    const { server } = await open(untouched)
    const { socket, all } = await dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nContent-Length: 3000000000\r\n\r\n')
    expect(await all).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('closing', () => {
  it('closes each connection with its next answer as soon as it is announced', async () => {
    const { server, url } = await open(echo)
    server.retire()
    const answered = await fetch(url, { method: 'POST', body: 'x' })
    expect(await answered.text()).toBe('x')
    expect(answered.headers.get('connection')).toBe('close')
  })

  it.each([true, false])('resets no caller that keeps sending (connections kept: %s)', async (keepAlive) => {
    const { server } = await open(echo, { clock: systemClock })
    const agent = new Agent({ keepAlive })
    const seen = new Map<string, number>()
    const send = (): Promise<string> =>
      new Promise((resolve) => {
        request({ port: server.port, host: '127.0.0.1', method: 'POST', agent }, (response) => {
          response.resume().on('end', () => resolve(String(response.statusCode)))
        })
          .on('error', (error) => resolve('code' in error ? String(error.code) : error.name))
          .end('x')
      })
    const senders = Array.from({ length: 30 }, async () => {
      for (let outcome = ''; outcome !== 'ECONNREFUSED';) {
        outcome = await send()
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      }
    })
    await expect.poll(() => seen.get('200') ?? 0, { timeout: 10_000 }).toBeGreaterThan(300)
    await server.close()
    await Promise.all(senders)
    agent.destroy()
    expect([...seen.keys()].toSorted()).toEqual(['200', 'ECONNREFUSED'])
  })

  it('answers what was fully sent and not read yet', async () => {
    const { server } = await open(echo, { clock: systemClock })
    const dialled = await Promise.all(Array.from({ length: 50 }, () => dial(server)))
    for (const { socket } of dialled) socket.write(POST)
    await server.close()
    for (const answer of await Promise.all(dialled.map(({ all }) => all))) expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('answers the open request, closes its connection, and accepts no other', async () => {
    const { handle, arrived, answer } = hold()
    const { server, url, clock } = await open(handle)
    const reply = fetch(url, { method: 'POST', body: 'x' })
    await arrived
    const order: string[] = []
    const closed = (async () => {
      await server.close()
      order.push('closed')
    })()
    await clock.advance(2500)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    expect(order).toEqual([])
    answer(replyText(200, 'answered'))
    const answered = await reply
    expect(await answered.text()).toBe('answered')
    expect(answered.headers.get('connection')).toBe('close')
    await clock.advance(2500)
    await closed
    expect(order).toEqual(['closed'])
  })

  it('does not wait for idle connections or half a head', async () => {
    const { server, clock } = await open(echo)
    const [idle, half] = await Promise.all([dial(server), dial(server)])
    half.socket.write('POST / HTTP/1.1\r\nHost:')
    await close({ server, clock })
    expect(await Promise.all([idle.all, half.all])).toEqual(['', ''])
  })

  it('may be called any number of times', async () => {
    const { server, clock } = await open(echo)
    const closings = [server.close(), server.close()]
    await clock.advance(2500)
    await Promise.all(closings)
    await expect(server.close()).resolves.toBeUndefined()
  })
})
