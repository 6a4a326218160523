import { createClose, createRedrive } from '@ticketing/dead-letters'
import type { StackClients } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import { createCaseStore, createDeadLetterArchive, createLedgers, listDeadLetters } from 'ticket-adapters/s3'
import { createEnvelopeSender, findQueueUrl } from 'ticket-adapters/sqs'
import { nameResources } from 'ticket-core'
import { SCOPE } from './account.ts'
import { expectThat } from './expect-that.ts'
import { DEAD_EVENT, DEAD_NEWS, TICKETS } from './store-letters.ts'

const { bucket, lanes } = nameResources(SCOPE.prefix)
/** The queues to which a redrive sends. */
export const QUEUES = {
  low: lanes.low.queue,
  medium: lanes.medium.queue,
  high: lanes.high.queue,
  news: lanes.news.queue,
  events: lanes.events.queue,
}

/** Lists the letters, closes one, and redrives all. */
export async function workOnDeadLetters({ s3, sqs }: StackClients): Promise<void> {
  const ids = [...TICKETS.map(({ id }) => id), DEAD_EVENT.key, DEAD_NEWS.key].toSorted()
  const store = { client: s3, bucket, clock: systemClock }
  const found: string[] = []
  for await (const listed of listDeadLetters(store)) found.push(listed.kind === 'item' ? listed.key : listed.reason)
  expectThat(`the letters are found: ${found.join()}`, found.join() === ids.join())
  const urls = await Promise.all(
    Object.entries(QUEUES).map(async ([lane, name]) => {
      const url = await findQueueUrl({ client: sqs, name, clock: systemClock })
      if (!url.ok) throw new Error(`${name}: ${url.failure.code}`)
      return [lane, url.value]
    }),
  )
  const { low = '', medium = '', high = '', news = '', events = '' } = Object.fromEntries(urls)
  const ports = {
    archive: createDeadLetterArchive(store),
    ledgers: createLedgers(store),
    clock: systemClock,
    log: { write: () => undefined },
    newNonce: () => 'by an operator',
  }
  const send = createEnvelopeSender({ client: sqs, queueUrls: { low, medium, high, news, events }, clock: systemClock })
  const run = createRedrive({ ...ports, cases: createCaseStore(store), send })
  const close = createClose(ports)
  const closed = await close(ids[0] ?? '', { because: 'handled by hand' })
  expectThat(`${ids[0]} is closed: ${JSON.stringify(closed)}`, closed.kind === 'closed')
  for (const id of ids) {
    const done = await run(id, { closed: true })
    expectThat(`${id} is redriven: ${JSON.stringify(done)}`, done.kind === 'redriven' && done.marked)
  }
}
