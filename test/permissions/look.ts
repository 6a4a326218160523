import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import type { VirtualTestbed } from '@ticketing/testbed'
import { createCaseStore, listDeadLetters } from 'ticket-adapters/s3'
import { type Ticket, type TicketEvent, newCase } from 'ticket-core'

export async function send({ clients, queueUrls }: VirtualTestbed, queue: string, MessageBody: string): Promise<void> {
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrls[queue], MessageBody }))
}

/** Lets time pass until something is so; false when it is not after so many seconds. */
export async function comesTrue(
  { clock }: VirtualTestbed,
  seconds: number,
  isSo: () => Promise<boolean>,
): Promise<boolean> {
  for (let passed = 0; passed < seconds; passed += 1) {
    if (await isSo()) return true
    await clock.advance('1s')
  }
  return isSo()
}

/** Messages of a queue, hidden ones too. */
export async function countOf({ clients, queueUrls }: VirtualTestbed, queue: string): Promise<number> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrls[queue],
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  )
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)
}

/** Whether an admin was notified of a letter whose key begins so. */
export async function isNotified({ clients, bucket, clock }: VirtualTestbed, key: string): Promise<boolean> {
  for await (const listed of listDeadLetters({ client: clients.s3, bucket, clock }))
    if (listed.kind === 'item' && listed.key.startsWith(key)) return listed.item.toldAt !== undefined
  return false
}

export async function openCase(
  bed: VirtualTestbed,
  ticket: Ticket,
  events: readonly TicketEvent[] = [],
): Promise<void> {
  const { clients, bucket, clock } = bed
  const opened = { ...newCase(ticket, 'earlier'), events }
  await createCaseStore({ client: clients.s3, bucket, clock }).write(ticket.id, opened, 'absent')
}
