/**
 * `pnpm bench server`: what a ticket costs behind bare node:http and behind Fastify, measured alike in one run: the
 * same line 1 (HMAC, JSON, parse, card) with a queue that accepts at once, and a fixed reply for the framework's own
 * share. Load comes from autocannon in a process of its own; rounds alternate, medians are shown.
 */
import { fork, type ChildProcess } from 'node:child_process'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { listen, type Handle } from '@ticketing/server'
import autocannon from 'autocannon'
import fastify from 'fastify'
import { systemClock } from 'ticket-adapters/clock'
import { composeNullLine, signedTicket } from './null-line.ts'

const CONTESTANTS = [
  'node:http, full work',
  'fastify, full work',
  'node:http, fixed reply',
  'fastify, fixed reply',
] as const
type Contestant = (typeof CONTESTANTS)[number]

interface Figures {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuMicros: number
}

const FIXED: Handle = async () => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '{"type":"message"}',
})
const silentLog = { write: () => {} }
const noMetrics = { count: () => {}, observe: () => {} }

if (process.argv[2] === 'serve') await serve(CONTESTANTS.find((name) => name === process.argv[3]) ?? CONTESTANTS[0])
else await compare()

async function serve(contestant: Contestant): Promise<void> {
  const handle = contestant.endsWith('full work') ? composeNullLine() : FIXED
  const port = contestant.startsWith('node') ? await serveBare(handle) : await serveFastify(handle)
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
  process.send?.({ port })
}

async function serveBare(handle: Handle): Promise<number> {
  const options = { host: '127.0.0.1', port: 0, clock: systemClock, log: silentLog, metrics: noMetrics }
  return (await listen({ handle, ...options })).port
}

async function serveFastify(handle: Handle): Promise<number> {
  const app = fastify({ bodyLimit: 262_144, keepAliveTimeout: 65_000 })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
  app.post<{ Body: Buffer }>('/', async (request, reply) => {
    const { method, url: path, headers, body } = request
    const answer = await handle({ method, path, headers, body, receivedAt: systemClock.monotonic() })
    return reply.code(answer.status).headers(answer.headers).send(answer.body)
  })
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}

async function compare(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '64' },
    },
  })
  const [rounds, seconds, connections] = [Number(values.rounds), Number(values.seconds), Number(values.connections)]
  const figures = new Map<Contestant, Figures[]>(CONTESTANTS.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const name of CONTESTANTS) figures.get(name)?.push(await measure(name, { seconds, connections }))

  console.log(`node ${process.version}, ${connections} connections, ${rounds} rounds of ${seconds} s, medians\n`)
  console.log('| server | req/s | p50 ms | p99 ms | CPU µs/request | req/s against node:http |')
  console.log('|---|--:|--:|--:|--:|--:|')
  for (const [name, all] of figures) {
    const rate = median(all.map(({ perSecond }) => perSecond))
    const rival = figures.get(name.endsWith('full work') ? CONTESTANTS[0] : CONTESTANTS[2]) ?? all
    const ratio = median(all.map(({ perSecond }, round) => perSecond / (rival[round]?.perSecond ?? perSecond)))
    const cells = [rate.toFixed(0), median(all.map(({ p50 }) => p50)), median(all.map(({ p99 }) => p99))]
    console.log(
      `| ${[name, ...cells, median(all.map(({ cpuMicros }) => cpuMicros)).toFixed(0), ratio.toFixed(2)].join(' | ')} |`,
    )
  }
}

async function measure(name: Contestant, load: { seconds: number; connections: number }): Promise<Figures> {
  const server = fork(import.meta.filename, ['serve', name], { execArgv: ['--conditions=source'] })
  try {
    const { port = 0 } = await ask(server)
    const { body, authorization } = signedTicket()
    const shoot = (duration: number): Promise<autocannon.Result> =>
      autocannon({
        url: `http://127.0.0.1:${port}/`,
        method: 'POST',
        connections: load.connections,
        duration,
        body,
        headers: { authorization, 'content-type': 'application/json' },
      })
    await shoot(1)
    server.send('cpu')
    const before = await ask(server)
    const result = await shoot(load.seconds)
    server.send('cpu')
    const after = await ask(server)
    if (result.non2xx > 0 || result.errors > 0)
      throw new Error(`${name}: ${result.non2xx} answers were no 200, ${result.errors} failed`)
    const requests = result.requests.total
    const cpuMicros = (total(after) - total(before)) / requests
    return { perSecond: requests / result.duration, p50: result.latency.p50, p99: result.latency.p99, cpuMicros }
  } finally {
    server.kill()
  }
}

interface Told {
  readonly port?: number
  readonly cpu?: NodeJS.CpuUsage
}

function ask(server: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    server.once('message', (message: Told) => {
      resolve(message)
    })
    server.once('exit', (code) => {
      reject(new Error(`the server under test ended with ${code}`))
    })
  })
}

function total({ cpu }: Told): number {
  return (cpu?.user ?? 0) + (cpu?.system ?? 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
