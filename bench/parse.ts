// What a message costs, benign and hostile, at three sizes; and the whole way from signed bytes to a ticket.
// `pnpm bench parse` prints it. Read the ratios: absolute times belong to the machine.
import {
  makeTicket,
  parseDraft,
  prepareKeyRing,
  readActivity,
  readMessage,
  signBody,
  verifySignature,
  type Activity,
} from 'ticket-core'
import { Bench } from 'tinybench'
import { fill, HOSTILE } from './hostile-scraps.ts'

const SIZES = [5, 20, 200]
const LABELS = ['Title: Login page is blank', 'Priority: high', 'Description: White since 9:40.']
const PROSE = 'Since 9:40 the login page stays white in Firefox, R&amp;D says. '

function activityOf(html: string): Activity {
  return { id: '1', at: 0, text: '', html, imageAttachments: 0, conversationId: 'c' }
}

function paragraphs(lines: readonly string[]): string {
  return lines.map((line) => `<p>${line}</p>`).join('')
}

function read(activity: Activity): boolean {
  return parseDraft(readMessage(activity).text).ok
}

/** Microseconds of the median run. */
async function measure(tasks: ReadonlyMap<string, () => unknown>): Promise<Map<string, number>> {
  const bench = new Bench({ time: 150, warmupTime: 30 })
  for (const [name, run] of tasks) bench.add(name, run)
  await bench.run()
  return new Map(
    bench.tasks.map(({ name, result }) => {
      if (!('latency' in result)) throw new Error(`${name} was not measured: ${result.state}`)
      return [name, result.latency.p50 * 1000]
    }),
  )
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

print('Reading a message, html to draft: microseconds, and times the benign message of the same size\n')
print(`${'kind'.padEnd(14)}${SIZES.map((size) => `${size} KB`.padStart(20)).join('')}`)
const rows = new Map<string, string[]>()
for (const size of SIZES) {
  const bytes = size * 1024
  const tasks = new Map([
    ['benign', activityOf(paragraphs([...LABELS, ...(fill(PROSE, bytes).match(/.{1,400}/gs) ?? [])]))],
    ...Object.entries(HOSTILE).map(([name, scrap]) => [name, activityOf(fill(scrap, bytes))] as const),
  ])
  const costs = await measure(new Map([...tasks].map(([name, activity]) => [name, () => read(activity)])))
  const benign = costs.get('benign') ?? Number.NaN
  for (const [name, cost] of costs) {
    rows.set(name, [...(rows.get(name) ?? []), `${cost.toFixed(0)} (${(cost / benign).toFixed(2)}x)`])
  }
}
for (const [name, cells] of rows) print(`${name.padEnd(14)}${cells.map((cell) => cell.padStart(20)).join('')}`)

const ring = prepareKeyRing(['vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA='])
if (!ring.ok) throw new Error(ring.failure.code)
const body = new TextEncoder().encode(
  JSON.stringify({
    type: 'message',
    id: '1795442602000',
    timestamp: '2026-11-23T14:03:22.000Z',
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    channelId: 'msteams',
    from: { id: '29:1', name: 'Ada', aadObjectId: '00000000-0000-4000-8000-000000000000' },
    conversation: { id: '19:a694a70b0a7f4bfd9572b2d912c5d160@thread.tacv2;messageid=1795442602000', isGroup: true },
    text: `<at>tickets</at>\n${LABELS.join('\n')}`,
    attachments: [{ contentType: 'text/html', content: paragraphs(['<at>tickets</at>', ...LABELS, fill(PROSE, 600)]) }],
    channelData: { team: { id: '19:t@thread.tacv2' }, channel: { id: '19:c@thread.tacv2' }, tenant: { id: 't' } },
  }),
)
const authorization = signBody({ ring: ring.value, body })

function takeWhole(): string {
  if (!ring.ok || !verifySignature({ ring: ring.value, body, authorization }).ok) throw new Error('not verified')
  const activity = readActivity({ body, now: Date.parse('2026-11-23T14:03:23Z'), maxAgeMs: 300_000 })
  if (!activity.ok) throw new Error(activity.failure.code)
  const draft = parseDraft(readMessage(activity.value).text)
  if (!draft.ok) throw new Error('not accepted')
  return makeTicket(activity.value, draft.value).id
}

const whole = await measure(
  new Map<string, () => unknown>([
    ['verify', () => verifySignature({ ring: ring.value, body, authorization })],
    ['verify to ticket', takeWhole],
  ]),
)
print(`\nOne request of ${(body.byteLength / 1024).toFixed(1)} KB, microseconds`)
for (const [name, cost] of whole) print(`${name.padEnd(18)}${cost.toFixed(1)}`)
