import { Buffer } from 'node:buffer'
import { createMetrics } from 'ticket-adapters/metrics'
import { fc } from '@fast-check/vitest'
import { afterEach, describe, expect, it } from 'vitest'
import { activity, bytesOf, createIntake, NOW, sign } from '../test/intake.ts'
import { dial, hangUp } from '../test/dial.ts'
import { createVirtualClock, type VirtualClock } from '@ticketing/local-aws'
import { readFunctionUrlEvent } from './function-url.ts'
import { type Listening, listen } from './listen.ts'

// Bytes in at the socket, bytes out: line 1 as it stands on the internet, with everything but AWS behind it.

const opened: { readonly server: Listening; readonly clock: VirtualClock }[] = []
afterEach(async () => {
  hangUp()
  for (const { server, clock } of opened.splice(0)) {
    const closed = server.close()
    await clock.advance(2500)
    await closed
  }
})

interface FrontDoor {
  /** Sends these bytes on a connection of their own, ends it, and gives all that came back. */
  readonly send: (bytes: string | Uint8Array) => Promise<string>
  readonly intake: ReturnType<typeof createIntake>
  readonly events: string[]
}

async function openFrontDoor(): Promise<FrontDoor> {
  const intake = createIntake()
  const events: string[] = []
  const log = { write: (_level: string, event: string) => void events.push(event) }
  const clock = createVirtualClock(NOW)
  const server = await listen({
    handle: intake.receive,
    host: '127.0.0.1',
    port: 0,
    clock,
    log,
    metrics: createMetrics(),
  })
  opened.push({ server, clock })
  return {
    intake,
    events,
    async send(bytes) {
      const { socket, all } = await dial(server)
      socket.end(bytes)
      return all
    },
  }
}

const BODY = bytesOf(activity())
const GOOD = sign(BODY)

function request(headers: readonly string[], body: Uint8Array = BODY): Buffer {
  const head = ['POST / HTTP/1.1', 'Host: x', `Content-Length: ${body.byteLength}`, ...headers, '', '']
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), body])
}

const statusOf = (answer: string): string => answer.slice('HTTP/1.1 '.length, 12)

describe('the signature, at the socket', () => {
  it('lets the good one in', async () => {
    const { send, intake } = await openFrontDoor()
    expect(statusOf(await send(request([`Authorization: ${GOOD}`])))).toBe('200')
    expect(intake.sent).toHaveLength(1)
  })

  it.each([
    ['none', []],
    ['an empty one', ['Authorization:']],
    ['another scheme', ['Authorization: Bearer abc']],
    ['the base64 alone', [`Authorization: ${GOOD.slice(5)}`]],
    ['too short', ['Authorization: HMAC AAAA']],
    ['too long', [`Authorization: HMAC ${Buffer.alloc(64).toString('base64')}`]],
    ['of another token', [`Authorization: HMAC ${Buffer.alloc(32).toString('base64')}`]],
    ['bytes beyond ASCII', ['Authorization: HMAC \u00e9\u00ff\u00fe']],
    ['UTF-8', [`Authorization: HMAC ${Buffer.from('žluť😀').toString('latin1')}`]],
    ['a full-width HMAC', [`Authorization: ${Buffer.from('ＨＭＡＣ x').toString('latin1')}`]],
    ['nearly as much as a head may hold', [`Authorization: HMAC ${'A'.repeat(15_000)}`]],
    ['the good one in a second header', ['Authorization: HMAC AAAA', `Authorization: ${GOOD}`]],
    ['two in one header', [`Authorization: HMAC AAAA, ${GOOD}`]],
    ['the good one in another header', [`Proxy-Authorization: ${GOOD}`]],
  ])('%s: 401, without a reason', async (_what, headers) => {
    const { send, intake } = await openFrontDoor()
    const answer = await send(request(headers))
    expect(statusOf(answer)).toBe('401')
    expect(answer.split('\r\n\r\n')[1]).toBe('Unauthorized\n')
    expect(intake.sent).toEqual([])
  })

  it.each([
    ['a header folded over two lines', ['Authorization: HMAC', ` ${GOOD.slice(5)}`], '400'],
    ['a zero byte in it', ['Authorization: HMAC \u0000'], '400'],
    ['more than a head may hold', [`Authorization: HMAC ${'A'.repeat(40_000)}`], '431'],
  ])('%s: refused as no HTTP of ours', async (_what, headers, status) => {
    const { send, intake } = await openFrontDoor()
    expect(statusOf(await send(request(headers)))).toBe(status)
    expect(intake.sent).toEqual([])
  })
})

describe('any input', () => {
  const scraps = ['POST / HTTP/1.1\r\n', 'GET /', ' HTTP/1.1\r\n', 'Host: x\r\n', 'Content-Length: ', '5', '-1', '\r\n', 'Transfer-Encoding: chunked\r\n', 'ffffffff\r\n', '0\r\n\r\n', 'Expect: 100-continue\r\n', 'Upgrade: h2c\r\n', 'Connection: upgrade\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\u0000', `Authorization: ${GOOD}\r\n`, '{"a":'] // prettier-ignore
  const bytes = fc
    .array(
      fc.oneof(
        fc.constantFrom(...scraps).map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 30 }),
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => Buffer.concat(parts))

  it('of bytes is refused or not answered; nothing breaks, and the next ticket is accepted', async () => {
    const { send, intake, events } = await openFrontDoor()
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        expect(await send(sent)).toMatch(/^(?:$|HTTP\/1\.1 (?:100|400|401|404|405|408|413|417|431) )/)
      }),
      { numRuns: 150 },
    )
    expect(events).not.toContain('server.defect')
    expect(intake.sent).toEqual([])
    expect(statusOf(await send(request([`Authorization: ${GOOD}`])))).toBe('200')
  })

  const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }))
  const changes = fc.dictionary(fc.constantFrom(...Object.keys(activity()), 'html', '__proto__'), anything)
  it('of signed JSON is answered with a card or a refusal', async () => {
    const { send, events } = await openFrontDoor()
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(changes, async ({ html, ...change }) => {
        const attachments = [{ contentType: 'text/html', content: html ?? '<p>Title: x</p>' }]
        const body = bytesOf(activity({ attachments, ...change }))
        const answer = await send(request([`Authorization: ${sign(body)}`], body))
        expect(['200', '400', '401']).toContain(statusOf(answer))
        seen.add(statusOf(answer))
      }),
      // What is drawn mostly has these; they are tried first.
      { examples: [[{ text: 7 }], [{ html: 7 }], [{ id: [] }]] },
    )
    expect([...seen]).toEqual(expect.arrayContaining(['200', '400']))
    expect(events).not.toContain('server.defect')
  })

  it.each([
    ['lists', '['.repeat(131_000) + ']'.repeat(131_000)],
    ['objects', '{"a":'.repeat(43_000) + '0' + '}'.repeat(43_000)],
    ['one text', JSON.stringify('x'.repeat(262_000))],
    ['one number', '1'.repeat(262_000)],
    ['many keys', `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":0`).join(',')}}`],
  ])('of 256 KiB of JSON, all of it %s, is no activity', async (_what, json) => {
    const { send, events } = await openFrontDoor()
    const body = bytesOf(json)
    expect(statusOf(await send(request([`Authorization: ${sign(body)}`], body)))).toBe('400')
    expect(events).not.toContain('server.defect')
  })

  it('of events of a function URL is read or refused', () => {
    const fields = ['version', 'rawPath', 'requestContext', 'headers', 'body', 'isBase64Encoded', '__proto__']
    const good = { version: '2.0', rawPath: '/', requestContext: { http: { method: 'POST' } }, headers: {}, body: '' }
    fc.assert(
      fc.property(fc.oneof(anything, fc.dictionary(fc.constantFrom(...fields), anything)), (event) => {
        for (const each of [event, { ...good, ...Object(event) }]) {
          const read = readFunctionUrlEvent(each)
          expect(read.ok ? read.value.body : read.failure.code).toSatisfy(
            (outcome) => outcome instanceof Uint8Array || outcome === 'not-an-http-event',
          )
        }
      }),
    )
  })
})
