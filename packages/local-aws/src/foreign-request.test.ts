import { once } from 'node:events'
import { connect } from 'node:net'
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from './listen.ts'
import { signedFor } from './testing/call-raw.ts'
import { startAccount } from './testing/start-account.ts'

interface Sent {
  readonly method?: string
  readonly target?: string
  readonly headers: Readonly<Record<string, string>>
  /** Length of a body that is announced and not sent. */
  readonly announced?: number
}

/** A listener with one queue, and a raw client that can send any header. */
async function start(hostNames: readonly string[] = []) {
  const bed = startAccount()
  const listening = await listen({ cloud: bed.cloud, hostNames })
  if (!listening.ok) throw new Error(listening.failure.code)
  const { listener } = listening
  onTestFinished(async () => {
    await listener.close()
    bed[Symbol.dispose]()
  })
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const own = `127.0.0.1:${listener.port}`
  const send = async ({ method = 'GET', target = '/?Action=ListQueues', headers, announced = 0 }: Sent) => {
    const socket = connect(listener.port, '127.0.0.1')
    const all = { host: own, 'content-length': String(announced), ...headers }
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n`)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
      if (text.includes('\r\n\r\n')) socket.end()
    })
    await once(socket, 'close')
    return { status: Number(text.slice(9, 12)), text }
  }
  return { send, own, port: listener.port, bed, url: listener.url }
}

// What Chromium and Firefox send to http://127.0.0.1 (recorded from both).
const CROSS = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
const FORM = { 'content-type': 'text/plain', origin: 'https://evil.example', ...CROSS, 'sec-fetch-mode': 'navigate' }

test.each<[string, Sent]>([
  ['a form of another site', { method: 'POST', headers: FORM }],
  ['a form of a sandboxed frame or a file', { method: 'POST', headers: { ...FORM, origin: 'null' } }],
  ['a fetch without CORS', { method: 'POST', headers: { ...FORM, 'sec-fetch-mode': 'no-cors' } }],
  ['a form of a browser that sends no Sec-Fetch-Site', { method: 'POST', headers: { origin: 'http://evil.example' } }],
  ['a form of another port of this machine', { method: 'POST', headers: { origin: 'http://127.0.0.1:1' } }],
  ['the same, as a link', { headers: { 'sec-fetch-site': 'same-site' } }],
  ['an image, a link', { headers: CROSS }],
  ['the question whether a fetch may be made', { method: 'OPTIONS', headers: { ...FORM, 'access-control-request-method': 'PUT' } }], // prettier-ignore
  ['a form that an extension or a bookmark sends', { method: 'POST', headers: { 'sec-fetch-site': 'none' } }],
  ['a page whose name was made to point here', { headers: { host: 'evil.example', 'sec-fetch-site': 'same-origin' } }],
  [
    'the same with a port',
    { method: 'POST', headers: { host: 'evil.example:4566', origin: 'http://evil.example:4566' } },
  ],
  ['a name that begins like ours', { headers: { host: '127.0.0.1.evil.example' } }],
  ['a name that ends like ours', { headers: { host: 'evillocalhost' } }],
  ['an address that is not this machine’s alone', { headers: { host: '0.0.0.0' } }],
  ['no name', { headers: { host: '' } }],
])('refuses %s, before its body', async (_what, sent) => {
  const { send } = await start()
  // The announced body never arrives: a listener that waited for it would not answer.
  const { status, text } = await send({ ...sent, announced: sent.method === 'POST' ? 100 : 0 })
  expect([status, text]).toEqual([403, expect.stringContaining('AccessDenied')])
})

test.each<[string, Sent['headers']]>([
  ['a program', {}],
  ['an address that was typed', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ['a page of its own', { 'sec-fetch-site': 'same-origin' }],
  ['localhost', { host: 'localhost' }],
  ['a bucket’s own address', { host: 'q.localhost:4566' }],
  ['IPv6', { host: '[::1]:4566' }],
  ['another loopback address', { host: '127.0.0.53' }],
  ['a container on this machine', { host: 'host.docker.internal:4566' }],
  ['a configured name', { host: 'Cloud.:4566' }],
])('answers %s', async (_what, headers) => {
  const { send } = await start(['cloud'])
  expect((await send({ headers: { ...signedFor('sqs'), ...headers } })).status).toBe(200)
})

test('its own page may post', async () => {
  const { send, own } = await start()
  const headers = {
    ...signedFor('sqs'),
    origin: `http://${own}`,
    'sec-fetch-site': 'same-origin',
    'x-amz-target': 'AmazonSQS.ListQueues',
  }
  expect((await send({ method: 'POST', headers })).status).toBe(200)
})

test('an SDK that uses an unknown host name gets the reason of the rejection', async () => {
  const { url } = await start()
  const sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  sqs.middlewareStack.add(
    (next) => (args) => {
      const request: unknown = args.request
      if (typeof request === 'object' && request !== null && 'headers' in request)
        Object.assign(Object(request.headers), { host: 'cloud:4566' })
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('not known as "cloud:4566"'),
  })
  sqs.destroy()
})
