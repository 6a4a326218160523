// What a fresh testbed on the virtual clock costs in a test: start and stop, and a ticket's whole way besides; and what
// a day costs without any work, or a day in which one ticket is tried again and again.
// `pnpm bench bed` prints it; the first one of a process makes the cloud's image, and is reported apart.
import { startTestbed, type VirtualTestbed } from '@ticketing/testbed'
import { Bench } from 'tinybench'

const LIMIT_MS = 20
const DAYS = 9
const FORM = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' }

async function startAndStop(): Promise<void> {
  const bed = await startTestbed({ clock: 'virtual' })
  await bed.stop()
}

async function deliverOne(): Promise<void> {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.teams.send(FORM)
  await bed.clock.runUntilQuiet()
  if (bed.trello.cards.length !== 1) throw new Error('the ticket did not arrive')
}

/** Real milliseconds that a day takes, of a testbed that has come to rest; its start and stop left out. */
async function timeDay(prepare: (bed: VirtualTestbed) => Promise<unknown>): Promise<number> {
  await using bed = await startTestbed({ clock: 'virtual' })
  await prepare(bed)
  await bed.clock.advance('1m')
  const began = performance.now()
  await bed.clock.advance('1d')
  return performance.now() - began
}

async function breakTrello(bed: VirtualTestbed): Promise<void> {
  bed.faults.add({ at: 'trello.*', kind: '5xx' })
  await bed.teams.send(FORM)
}

async function medianDay(prepare: Parameters<typeof timeDay>[0]): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < DAYS; run += 1) times.push(await timeDay(prepare))
  return times.toSorted((one, other) => one - other)[Math.floor(DAYS / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

const began = performance.now()
await startAndStop()
print(`the first testbed, its image made    ${(performance.now() - began).toFixed(1)} ms`)

const bench = new Bench({ time: 2_000, warmupTime: 500 })
bench.add('a fresh testbed, started and stopped', startAndStop)
bench.add('the same, and one ticket to Trello', deliverOne)
await bench.run()
const medians = bench.tasks.map(({ name, result }) => {
  if (!('latency' in result)) throw new Error(`${name} was not measured: ${result.state}`)
  const { p50, p99 } = result.latency
  print(`${name.padEnd(36)} ${p50.toFixed(1)} ms (99 of 100 below ${p99.toFixed(1)} ms)`)
  return p50
})
print(`${'a day without work'.padEnd(36)} ${(await medianDay(async () => undefined)).toFixed(1)} ms`)
print(`${'a day of retries of one ticket'.padEnd(36)} ${(await medianDay(breakTrello)).toFixed(1)} ms`)
const [fresh = Number.NaN] = medians
print(`limit for a fresh testbed: ${LIMIT_MS} ms`)
if (!(fresh <= LIMIT_MS)) process.exitCode = 1
