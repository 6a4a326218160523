import type { Handle } from '@ticketing/server'
import { expect, test } from 'vitest'
import { installedEgressGuard } from '../egress/index.ts'
import { createNetwork } from './network.ts'

const ORIGIN = 'http://server-1.internal:3978'

function start() {
  const network = createNetwork([])
  const answers = Promise.withResolvers<void>()
  /** Answers the request when the test allows it. */
  const handle: Handle = async ({ method, path, headers, body }) => {
    await answers.promise
    return {
      status: 201,
      headers: { 'x-seen': String(headers['x-sent']) },
      body: `${method} ${path} ${new TextDecoder().decode(body)}`,
    }
  }
  const kill = new AbortController()
  const leave = network.serve(ORIGIN, handle, kill.signal)
  const ask = (signal?: AbortSignal): Promise<Response> =>
    network.fetch(`${ORIGIN}/messages?x=1`, {
      method: 'POST',
      headers: { 'x-sent': 'yes' },
      body: 'hello',
      signal: signal ?? null,
    })
  return { network, answers, handle, kill, leave, ask }
}

const reset = { name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNRESET', syscall: 'read' } }
const refused = { name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNREFUSED', syscall: 'connect' } }

test('a request reaches the server whole, and the answer comes back whole', async () => {
  const { answers, ask } = start()
  answers.resolve()
  const answer = await ask()
  expect([answer.status, answer.headers.get('x-seen'), await answer.text()]).toEqual([
    201,
    'yes',
    'POST /messages?x=1 hello',
  ])
})

test('a killed server resets open requests and refuses later ones', async () => {
  const { kill, ask } = start()
  const open = ask()
  kill.abort()
  await expect(open).rejects.toMatchObject(reset)
  await expect(ask()).rejects.toMatchObject(refused)
})

test('a stopping server refuses new requests and answers the open ones', async () => {
  const { answers, leave, ask } = start()
  const order: string[] = []
  const open = ask().then(({ status }) => order.push(`answered ${status}`))
  const left = leave().then(() => order.push('left'))
  await expect(ask()).rejects.toMatchObject(refused)
  expect(order).toEqual([])
  answers.resolve()
  await Promise.all([open, left])
  expect(new Set(order)).toEqual(new Set(['answered 201', 'left']))
})

test('a new server at the same address answers', async () => {
  const { network, answers, handle, kill, leave, ask } = start()
  kill.abort()
  answers.resolve()
  network.serve(ORIGIN, handle, new AbortController().signal)
  expect((await ask()).status).toBe(201)
  await leave()
  expect((await ask()).status).toBe(201)
})

test('a client that gives up gets its own reason', async () => {
  const { ask } = start()
  const timeout = new AbortController()
  const open = ask(timeout.signal)
  timeout.abort(new DOMException('5 s are over', 'TimeoutError'))
  await expect(open).rejects.toMatchObject({ name: 'TimeoutError', message: '5 s are over' })
})

test('an unknown address is refused', async () => {
  const { network } = start()
  await expect(network.fetch('https://example.com/')).rejects.toMatchObject({ name: 'EgressRefused' })
  expect(installedEgressGuard()?.take()).toMatchObject([
    { origin: 'https://example.com', caller: expect.stringContaining('network.test.ts') },
  ])
})
