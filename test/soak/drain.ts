import { setTimeout as sleep } from 'node:timers/promises'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import type { SoakSystem } from './start-system.ts'

/** How it ended: `quiet` when no queue held anything any more. */
export interface Drained {
  readonly isQuiet: boolean
  readonly seconds: number
}

const EVERY_MS = 3000
const SAY_EVERY_MS = 15_000

/** Waits until every queue is empty, and stays so for a moment; says how it goes. */
export async function drain(
  { clients, queueUrls }: Pick<SoakSystem, 'clients' | 'queueUrls'>,
  limitSeconds: number,
  say: (line: string) => void,
): Promise<Drained> {
  const start = Date.now()
  let saidAt = start
  let emptyLooks = 0
  for (;;) {
    const counts = await Promise.all(
      Object.entries(queueUrls).map(async ([name, url]) => ({ name, count: await countMessages(clients.sqs, url) })),
    )
    const left = counts.filter(({ count }) => count.ready + count.hidden > 0)
    emptyLooks = left.length === 0 ? emptyLooks + 1 : 0
    const seconds = Math.round((Date.now() - start) / 1000)
    if (emptyLooks >= 2) return { isQuiet: true, seconds }
    if (seconds >= limitSeconds) return { isQuiet: false, seconds }
    if (Date.now() - saidAt >= SAY_EVERY_MS && left.length > 0) {
      saidAt = Date.now()
      const queues = left.map(({ name, count }) => `${name} ${count.ready} ready, ${count.hidden} hidden`)
      say(`  ${seconds} s: ${queues.join('; ')}`)
    }
    await sleep(EVERY_MS)
  }
}

async function countMessages(
  sqs: SoakSystem['clients']['sqs'],
  QueueUrl: string,
): Promise<{ ready: number; hidden: number }> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed } =
    Attributes ?? {}
  return {
    ready: Number(ApproximateNumberOfMessages),
    hidden: Number(ApproximateNumberOfMessagesNotVisible) + Number(ApproximateNumberOfMessagesDelayed),
  }
}
