/**
 * `pnpm soak:connections [--connections 10000]`: many connections held open against the server, in a process of its own:
 * silent ones, half a head, nearly a whole body of 256 KiB. Printed: how many it holds, its memory, and how long a
 * signed ticket waits for its answer meanwhile. Each end needs a file descriptor a connection: `ulimit -n`.
 * Then a few connections that send thousands of requests, or of tiny chunks, at once. Exit code 1 where a bound does not hold.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRouter, listen, sampleRefusals } from '@ticketing/server'
import { systemClock } from 'ticket-adapters/clock'
import { createLog, createRedaction } from 'ticket-adapters/log'
import { createMetrics } from 'ticket-adapters/metrics'
import { composeNullLine, signedTicket } from './null-line.ts'

const BODY = 262_144

/** What each connection sends, and never finishes. */
const ATTACKS: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'half a head': 'POST / HTTP/1.1\r\nHost: x\r\nAuthorization: HMAC ',
  'a body of 256 KiB but for its last byte': `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY}\r\n\r\n${'x'.repeat(BODY - 1)}`,
}

/** As many connections, each of which sends everything without waiting for an answer. */
const FLOODS = [
  {
    what: '20 x 20,000 unsigned POST /',
    connections: 20,
    bytes: 'POST / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20_000),
  },
  {
    what: '100 x 20,000 GET /metrics',
    connections: 100,
    bytes: 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20_000),
  },
  {
    what: '60 x 200,000 chunks of one byte',
    connections: 60,
    bytes: `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(200_000)}`,
  },
] as const
/** What a real ticket may wait meanwhile on a busy machine, what the server may hold, and what it may write. */
const BOUNDS = { ticketMs: 10_000, mib: 512, logBytes: 1_000_000 }
/** A flood that is not over by then has failed. */
const PATIENCE_MS = 60_000

if (process.argv[2] === 'serve') await serve()
else await attack()

async function serve(): Promise<void> {
  const clock = systemClock
  const metrics = createMetrics()
  let logBytes = 0
  const written = createLog({ write: (line) => void (logBytes += line.length), clock, redaction: createRedaction() })
  const log = sampleRefusals(written, clock)
  const handle = createRouter({
    receive: composeNullLine({ log, metrics }),
    checkReadiness: async () => [],
    renderMetrics: () => metrics.render(),
    metrics,
    clock,
  })
  const server = await listen({ handle, host: '127.0.0.1', port: 0, clock, log, metrics })
  process.on('message', () => process.send?.({ rss: process.memoryUsage().rss, logBytes }))
  process.send?.({ port: server.port })
}

async function attack(): Promise<void> {
  const { values } = parseArgs({ options: { connections: { type: 'string', default: '10000' } } })
  const wanted = Number(values.connections)
  if (!Number.isInteger(wanted) || wanted < 1) throw new Error('expected --connections and a whole number')
  print(`${wanted} connections\n`)
  print(
    `${''.padEnd(42)}${['held', 'refused', 'answered', 'MiB before', 'MiB at most', 'ticket ms'].map((head) => head.padStart(13)).join('')}`,
  )
  for (const [what, bytes] of Object.entries(ATTACKS)) await hold(what, { bytes, wanted })
  print(
    `\n${''.padEnd(42)}${['answers', 'seconds', 'MiB at most', 'log bytes', 'ticket ms'].map((head) => head.padStart(13)).join('')}`,
  )
  for (const each of FLOODS) await flood(each)
}

async function flood({ what, connections, bytes }: (typeof FLOODS)[number]): Promise<void> {
  const server = fork(new URL(import.meta.url), ['serve'], {
    execArgv: ['--conditions=source', '--max-old-space-size=256'],
  })
  const { port } = await ask(server)
  const start = performance.now()
  let answers = 0
  const end = new AbortController()
  const ends = Array.from({ length: connections }, async () => {
    const socket = await open(port)
    if (!socket) return
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('latin1').split('HTTP/1.1 ').length - 1))
    socket.write(bytes)
    await once(socket, 'close')
  })
  const over = Promise.all(ends).then(() => end.abort())
  const ticket = answerTime(port)
  let most = 0
  for (let looks = 0; looks < PATIENCE_MS / 100 && !end.signal.aborted; looks += 1) {
    most = Math.max(most, (await askState(server)).rss)
    await Promise.race([over, wait(100)])
  }
  const seconds = (performance.now() - start) / 1000
  const { logBytes } = await askState(server)
  const { ms, text } = await ticket
  const cells = [answers, seconds.toFixed(1), mib(most), logBytes, text]
  print(`${what.padEnd(42)}${cells.map((cell) => String(cell).padStart(13)).join('')}`)
  if (!end.signal.aborted || ms > BOUNDS.ticketMs || most / 2 ** 20 > BOUNDS.mib || logBytes > BOUNDS.logBytes) {
    print(`over the bounds: ${JSON.stringify(BOUNDS)}`)
    process.exitCode = 1
  }
  server.kill('SIGKILL')
  await once(server, 'exit')
}

async function hold(what: string, { bytes, wanted }: { bytes: string; wanted: number }): Promise<void> {
  const server = fork(new URL(import.meta.url), ['serve'], { execArgv: ['--conditions=source'] })
  const { port } = await ask(server)
  const before = (await askState(server)).rss
  const sockets: Socket[] = []
  const counts = { held: 0, refused: 0, answered: 0 }
  let most = before
  for (let opened = 0; opened < wanted; opened += 100) {
    const batch = Array.from({ length: Math.min(100, wanted - opened) }, () => open(port))
    for (const socket of await Promise.all(batch)) {
      if (!socket) {
        counts.refused += 1
        continue
      }
      sockets.push(socket)
      socket.once('data', () => (counts.answered += 1))
      socket.write(bytes)
    }
    if (opened % 1000 === 0) most = Math.max(most, (await askState(server)).rss)
  }
  // Bodies are on their way still.
  await wait(500)
  most = Math.max(most, (await askState(server)).rss)
  counts.held = sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length
  const { text: ticket } = await answerTime(port)
  const cells = [counts.held, counts.refused, counts.answered, mib(before), mib(most), ticket]
  print(`${what.padEnd(42)}${cells.map((cell) => String(cell).padStart(13)).join('')}`)
  for (const socket of sockets) socket.destroy()
  server.kill('SIGKILL')
  await once(server, 'exit')
}

async function open(port: number): Promise<Socket | undefined> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const [failed] = await Promise.race([
    once(socket, 'connect').then(() => [false]),
    once(socket, 'close').then(() => [true]),
  ])
  return failed ? undefined : socket
}

async function answerTime(port: number): Promise<{ ms: number; text: string }> {
  const { body, authorization } = signedTicket()
  const start = performance.now()
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { authorization }, body })
    await reply.text()
    const ms = performance.now() - start
    return { ms, text: `${ms.toFixed(0)} (${reply.status})` }
  } catch {
    return { ms: Number.POSITIVE_INFINITY, text: 'none' }
  }
}

async function ask(server: ReturnType<typeof fork>): Promise<{ port: number; rss: number; logBytes: number }> {
  const [message] = await once(server, 'message')
  const read = (name: string): number => Number(Reflect.get(Object(message), name))
  return { port: read('port'), rss: read('rss'), logBytes: read('logBytes') }
}

function askState(server: ReturnType<typeof fork>): ReturnType<typeof ask> {
  const answer = ask(server)
  server.send('state')
  return answer
}

function mib(size: number): string {
  return (size / 2 ** 20).toFixed(0)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
