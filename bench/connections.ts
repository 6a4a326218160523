/**
 * `pnpm soak:connections [--connections 10000]`: many connections held open against the server, in a process of its own:
 * silent ones, half a head, nearly a whole body of 256 KiB. Printed: how many it holds, its memory, and how long a
 * signed ticket waits for its answer meanwhile. Each end needs a file descriptor a connection: `ulimit -n`.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { listen } from '@ticketing/server'
import { systemClock } from 'ticket-adapters/clock'
import { composeNullLine, signedTicket } from './null-line.ts'

const BODY = 262_144

/** What each connection sends, and never finishes. */
const ATTACKS: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'half a head': 'POST / HTTP/1.1\r\nHost: x\r\nAuthorization: HMAC ',
  'a body of 256 KiB but for its last byte': `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY}\r\n\r\n${'x'.repeat(BODY - 1)}`,
}

if (process.argv[2] === 'serve') await serve()
else await attack()

async function serve(): Promise<void> {
  const options = { log: { write: () => {} }, metrics: { count: () => {}, observe: () => {} } }
  const server = await listen({
    handle: composeNullLine(),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    ...options,
  })
  process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }))
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
}

async function hold(what: string, { bytes, wanted }: { bytes: string; wanted: number }): Promise<void> {
  const server = fork(new URL(import.meta.url), ['serve'], { execArgv: ['--conditions=source'] })
  const { port } = await ask(server, 'port')
  const before = (await askMemory(server)).rss
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
    if (opened % 1000 === 0) most = Math.max(most, (await askMemory(server)).rss)
  }
  // Bodies are on their way still.
  await wait(500)
  most = Math.max(most, (await askMemory(server)).rss)
  counts.held = sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length
  const ticket = await answerTime(port)
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

async function answerTime(port: number): Promise<string> {
  const { body, authorization } = signedTicket()
  const start = performance.now()
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { authorization }, body })
    await reply.text()
    return `${(performance.now() - start).toFixed(0)} (${reply.status})`
  } catch {
    return 'none'
  }
}

async function ask(server: ReturnType<typeof fork>, name: 'port' | 'rss'): Promise<Record<typeof name, number>> {
  const [message] = await once(server, 'message')
  const value: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined
  if (typeof value !== 'number') throw new Error(`the server said nothing of its ${name}`)
  return { port: value, rss: value }
}

function askMemory(server: ReturnType<typeof fork>): Promise<{ rss: number }> {
  const answer = ask(server, 'rss')
  server.send('memory')
  return answer
}

function mib(size: number): string {
  return (size / 2 ** 20).toFixed(0)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
