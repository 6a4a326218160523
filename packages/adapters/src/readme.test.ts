import { readFileSync } from 'node:fs'
import type { Clock } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildTicket } from '../test/build-ticket.ts'
import { fakeAws } from '../test/fake-aws.ts'
import { answerBatch, readBatch } from '../test/fake-sqs.ts'
// #region readme
import { createSqsClient, type AwsClientOptions } from './aws/index.ts'
import { systemClock } from './clock/index.ts'
import { createTicketQueue } from './sqs/index.ts'

// `aws`: { region } on AWS; { endpoint } as well for an emulator. Credentials come from the SDK's own chain.
const openQueue = (aws: AwsClientOptions, clock: Clock = systemClock) =>
  createTicketQueue({
    client: createSqsClient(aws),
    queueUrls: {
      low: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dev-LP',
      medium: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dev-MP',
      high: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dev-HP',
    },
    clock,
  })
// await openQueue({ region: 'eu-central-1' }).enqueue(ticket): accepted, refused, too-large or unknown
// #endregion

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')

describe('the README', () => {
  test('shows the code of this file, which runs', async () => {
    const [, own = ''] = /\/\/ #region readme\n([^]*?)\/\/ #endregion/.exec(read(import.meta.url)) ?? []
    const asPublished = own.replaceAll(/'\.\/([a-z0-9-]+)\/index\.ts'/g, "'ticket-adapters/$1'")
    expect(/```ts\n([^]*?)```/.exec(readme)?.[1]).toBe(asPublished)
    const queue = openQueue(fakeAws((call) => answerBatch(readBatch(call))))
    expect(await queue.enqueue(buildTicket())).toEqual({ kind: 'accepted' })
  })

  test('lists every entrance of the package with everything it gives', async () => {
    const exported: unknown = Object.keys(JSON.parse(read('../package.json')).exports)
    const rows = [...readme.matchAll(/^\| `ticket-adapters\/([a-z0-9-]+)` +\| (.*?) +\|/gm)]
    expect(rows.map(([, name]) => `./${name}`).toSorted()).toEqual(exported)
    for (const [, name = '', gives = ''] of rows) {
      const listed = [...gives.matchAll(/`(\w+)`/g)].map(([, one]) => one)
      const module: object = await import(`./${name}/index.ts`)
      expect([name, listed.toSorted()]).toEqual([name, Object.keys(module).toSorted()])
    }
  })
})
