// What a call of an SDK client costs in a testbed's process: over the wire, and past it (docs/decisions/0008).
// `pnpm bench calls` prints both, and the ratio, of one run.
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { startTestbed, type VirtualTestbed, withoutWire } from '@ticketing/testbed'
import { type AwsClients, createAwsClients } from 'ticket-adapters/aws'
import { Bench } from 'tinybench'

await using bed = await startTestbed({ clock: 'virtual' })
const ways = { 'over the wire': createAwsClients(bed.aws), 'past the wire': withoutWire(createAwsClients(bed.aws)) }
const calls = { put, read, 'read of nothing': readNothing }

const bench = new Bench({ time: 1_000, warmupTime: 500 })
for (const [call, run] of Object.entries(calls))
  for (const [way, { s3 }] of Object.entries(ways)) bench.add(`${call}, ${way}`, () => run(s3, bed))
await bench.run()

const medians = bench.tasks.map(({ name, result }) => {
  if (!('latency' in result)) throw new Error(`${name} was not measured: ${result.state}`)
  return result.latency.p50
})
for (const [index, call] of Object.keys(calls).entries()) {
  const [wire = Number.NaN, past = Number.NaN] = medians.slice(index * 2, index * 2 + 2)
  process.stdout.write(
    `${call.padEnd(16)} ${wire.toFixed(3)} ms over the wire, ${past.toFixed(3)} ms past it: ${(wire / past).toFixed(1)} times\n`,
  )
}

type Client = AwsClients['s3']

async function put(s3: Client, { bucket: Bucket }: VirtualTestbed): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'bench', Body: '{}', ContentType: 'application/json' }))
}

async function read(s3: Client, { bucket: Bucket }: VirtualTestbed): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'bench' }))
  await Body?.transformToString()
}

async function readNothing(s3: Client, { bucket: Bucket }: VirtualTestbed): Promise<void> {
  const isThere = await s3.send(new GetObjectCommand({ Bucket, Key: 'nothing' })).then(
    () => true,
    () => false,
  )
  if (isThere) throw new Error('something is there')
}
