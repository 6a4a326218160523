import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import dns, { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, get as httpGet } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { get as httpsGet } from 'node:https'
import { connect, createServer as createTcpServer, Socket, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterEach, describe, expect, test } from 'vitest'
import { describeEgress, EgressRefused } from './egress-refused.ts'
import { installEgressGuard } from './install-egress-guard.ts'
import { isNamed } from './local-hosts.ts'

const guard = installEgressGuard()
const HERE = 'egress-guard.test.ts'

/** Reserved addresses and names: RFC 5737, RFC 3849, RFC 6761. */
const FOREIGN = '192.0.2.1'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function openDatagrams(): dgram.Socket {
  const socket = dgram.createSocket('udp4')
  closing.push(() => socket.close())
  return socket
}

async function listen(server: Server, at: { port: number } | string): Promise<void> {
  closing.push(() => server.close())
  server.listen(at)
  await once(server, 'listening')
}

/** AWS settings of the developer must not decide where a client connects. */
async function withoutAwsSettings<T>(run: () => Promise<T>): Promise<T> {
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'))
  for (const [name] of kept) Reflect.deleteProperty(process.env, name)
  try {
    return await run()
  } finally {
    Object.assign(process.env, Object.fromEntries(kept))
  }
}

/** Resolves with the emitted error. */
async function errorOf(emitter: NodeJS.EventEmitter): Promise<unknown> {
  const [error] = (await once(emitter, 'error').catch((thrown: unknown) => [thrown])) as unknown[]
  return error
}

/** The error itself, or the one that a library wrapped. */
function refusalIn(error: unknown): unknown {
  return error instanceof Error && !(error instanceof EgressRefused) ? refusalIn(error.cause) : error
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'not refused',
    (error: unknown) => error,
  )
}

const attempts: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['fetch', `${FOREIGN}:80`, () => rejectionOf(fetch(`http://${FOREIGN}/path?secret=1`))],
  ['fetch of a name', 'vendor.example:443', () => rejectionOf(fetch('https://vendor.example/path?secret=1'))],
  ['http', `${FOREIGN}:8080`, () => errorOf(httpGet(`http://${FOREIGN}:8080/path`))],
  ['https', 'vendor.example:443', () => errorOf(httpsGet('https://vendor.example/path'))],
  ['http2', 'vendor.example:443', () => errorOf(connectHttp2('https://vendor.example'))],
  ['net with options', `${FOREIGN}:25`, () => errorOf(connect({ host: FOREIGN, port: 25 }))],
  ['net with port and host', 'vendor.example:25', () => errorOf(connect(25, 'vendor.example'))],
  ['a socket of one’s own', `${FOREIGN}:25`, () => errorOf(new Socket().connect(25, FOREIGN, () => {}))],
  ['IPv6', '[2001:db8::1]:25', () => errorOf(connect(25, '2001:db8::1'))],
  ['an odd spelling of an address', '127.1:25', () => errorOf(connect(25, '127.1'))],
  ['tls', 'vendor.example:443', () => errorOf(connectTls(443, 'vendor.example'))],
  [
    'localhost, with a look-up that leads away',
    'localhost:80',
    () =>
      errorOf(connect({ port: 80, lookup: (_name, _options, done) => done(null, [{ address: FOREIGN, family: 4 }]) })),
  ],
  [
    'the instance metadata of AWS',
    '169.254.169.254:80',
    () => rejectionOf(fetch('http://169.254.169.254/latest/meta-data/iam/')),
  ],
  [
    'an AWS client without an endpoint',
    'secretsmanager.eu-central-1.amazonaws.com:443',
    () =>
      withoutAwsSettings(() => {
        const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
        const client = new SecretsManagerClient({ region: 'eu-central-1', credentials })
        return rejectionOf(client.send(new GetSecretValueCommand({ SecretId: 'x' })))
      }),
  ],
]

describe('a request that would leave the machine', () => {
  test.each(attempts)('by %s is refused and names its caller', async (_how, origin, attempt) => {
    const error = refusalIn(await attempt())
    const recorded = guard.take()
    expect(error).toBeInstanceOf(EgressRefused)
    expect(String(error)).toContain(`A request to ${origin} was refused`)
    expect(String(error)).not.toContain('path')
    expect(recorded.length).toBeGreaterThan(0)
    for (const each of recorded) expect(each).toEqual({ origin, caller: expect.stringContaining(HERE) })
  })

  test('reaches neither the host nor a name server', async () => {
    const socket = new Socket()
    let tried = 0
    socket.on('connectionAttempt', () => (tried += 1))
    const failed = errorOf(socket)
    socket.connect(25, FOREIGN)
    expect(await failed).toBeInstanceOf(EgressRefused)
    expect(tried).toBe(0)
    expect(guard.take()).toHaveLength(1)
  })

  test('by an AWS client that looks for credentials is refused before it reaches the instance metadata', async () => {
    const client = new SecretsManagerClient({ region: 'eu-central-1', endpoint: 'http://127.0.0.1:9' })
    const error = await withoutAwsSettings(() => rejectionOf(client.send(new GetSecretValueCommand({ SecretId: 'x' }))))
    expect(error).toBeInstanceOf(Error)
    expect(new Set(guard.take().map(({ origin }) => origin))).toEqual(new Set(['169.254.169.254:80']))
  })
})

describe('a name look-up', () => {
  test.each([
    ['by callback', () => new Promise((resolve) => lookup('vendor.example', resolve))],
    ['by callback of the default import', () => new Promise((resolve) => dns.lookup('vendor.example', resolve))],
    ['by promise', () => rejectionOf(dns.promises.lookup('vendor.example'))],
    ['by a name server', () => rejectionOf(dns.promises.resolve4('vendor.example'))],
    ['by a resolver', () => new Promise((resolve) => new dns.Resolver().resolveTxt('vendor.example', resolve))],
  ])('%s is refused', async (_how, ask) => {
    expect(await ask()).toBeInstanceOf(EgressRefused)
    expect(guard.take()).toEqual([{ origin: 'vendor.example', caller: expect.stringContaining(HERE) }])
  })

  test('passes if it stays on the machine', async () => {
    expect((await dns.promises.lookup('127.0.0.1')).address).toBe('127.0.0.1')
    expect(['127.0.0.1', '::1']).toContain((await dns.promises.lookup('localhost')).address)
    expect(guard.take()).toEqual([])
  })
})

describe('a datagram', () => {
  test('that would leave the machine is refused', async () => {
    const sent = new Promise((resolve) => openDatagrams().send('metric', 8125, FOREIGN, resolve))
    expect(await sent).toBeInstanceOf(EgressRefused)
    const socket = openDatagrams()
    const failed = errorOf(socket)
    socket.connect(8125, FOREIGN)
    expect(await failed).toBeInstanceOf(EgressRefused)
    expect(guard.take().map(({ origin }) => origin)).toEqual([`${FOREIGN}:8125`, `${FOREIGN}:8125`])
  })

  test('to this machine passes', async () => {
    const receiver = openDatagrams()
    receiver.bind(0, '127.0.0.1')
    await once(receiver, 'listening')
    const received = once(receiver, 'message')
    openDatagrams().send('metric', receiver.address().port, '127.0.0.1')
    expect(String((await received)[0])).toBe('metric')
    expect(guard.take()).toEqual([])
  })
})

describe('what stays on the machine passes', () => {
  test('by address, by name and without either', async () => {
    const server = createServer((_request, response) => response.end('here'))
    await listen(server, { port: 0 })
    const { port } = server.address() as AddressInfo
    for (const host of ['127.0.0.1', 'localhost', '127.8.8.8', '[::ffff:127.0.0.1]'])
      expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here')
    const socket = connect(port)
    await once(socket, 'connect')
    socket.destroy()
    expect(guard.take()).toEqual([])
  })

  test('by a socket that has a path', async () => {
    const path =
      process.platform === 'win32' ? String.raw`\\.\pipe\egress-guard` : join(tmpdir(), `g-${process.pid}.sock`)
    await listen(
      createTcpServer((socket) => socket.end('here')),
      path,
    )
    for (const socket of [connect(path), connect({ path })]) {
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      expect(String(bytes)).toBe('here')
    }
    expect(guard.take()).toEqual([])
  })
})

test('a child process that inherits the guard is refused, and reports itself', async () => {
  const script = `fetch('http://${FOREIGN}/').catch((error) => console.log(error.cause.name))`
  const child = spawn(process.execPath, [...guard.nodeOptions, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = once(child.stdout.setEncoding('utf8'), 'data')
  await once(child, 'close')
  expect(await output).toEqual(['EgressRefused\n'])
  expect(guard.take()).toEqual([
    { origin: `${FOREIGN}:80`, caller: expect.stringMatching(/\[eval\]/), process: 'the process node' },
  ])
})

test('a host can be allowed by name, or a whole domain, but not a similar name', () => {
  const allowed = ['host.docker.internal', '*.amazonaws.com']
  const hosts = [
    'host.docker.internal',
    'SQS.eu-west-1.amazonaws.com',
    'amazonaws.com',
    'evilamazonaws.com',
    'x.host.docker.internal',
  ]
  expect(hosts.filter((host) => isNamed(host, allowed))).toEqual(hosts.slice(0, 2))
})

test('the report lists each attempt once, with its count and what to do', () => {
  const asked = { origin: 'a.example:443', caller: 'send (src/send.ts:3:1)' }
  const text = describeEgress([asked, asked, { ...asked, process: 'the function test-HP' }])
  expect(text).toBe(
    'Refused, because it would have left this machine:\n' +
      '  a.example:443, asked by send (src/send.ts:3:1) (2 times)\n' +
      '  a.example:443, asked by send (src/send.ts:3:1), in the function test-HP\n' +
      'Point that client at a simulator or at the embedded cloud; where a host must be reached, allow it by name.',
  )
})
