import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { startTally, type Subject } from './subject.ts'

/** Seconds; the clock goes further than that between two rounds. */
const HIDDEN = 30

interface Known {
  sent: 'acknowledged' | 'unanswered'
  deleted: 'no' | 'unanswered' | 'acknowledged'
}

/** Queue `work` moves what was received three times to queue `dead`: a message is in one of the two, once. */
export function createMessages(): Subject {
  const known = new Map<string, Known>()
  const sends = startTally('messages sent')
  const deletes = startTally('messages deleted')
  const moves = startTally('dead letters moved')
  const dead = new Set<string>()
  let number = 0
  const urls = { work: '', dead: '' }

  const name = (): string => {
    number += 1
    const body = `m-${number}`
    known.set(body, { sent: 'unanswered', deleted: 'no' })
    return body
  }
  const acknowledge = (body: string): void => {
    known.set(body, { sent: 'acknowledged', deleted: 'no' })
    sends.acknowledged += 1
  }
  const receive = async (sqs: SQSClient, queue: keyof typeof urls): Promise<Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: urls[queue],
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN,
    })
    return (await sqs.send(command)).Messages ?? []
  }
  const mark = (body: string | undefined, deleted: Known['deleted']): void => {
    const message = known.get(body ?? '')
    if (!message || message.deleted === 'acknowledged') return
    message.deleted = deleted
    if (deleted === 'acknowledged') deletes.acknowledged += 1
  }
  const remove = async (sqs: SQSClient, queue: keyof typeof urls, messages: readonly Message[]): Promise<void> => {
    const [only] = messages
    if (!only) return
    for (const { Body } of messages) mark(Body, 'unanswered')
    const QueueUrl = urls[queue]
    if (messages.length === 1) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: only.ReceiptHandle }))
      return mark(only.Body, 'acknowledged')
    }
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    for (const { Id } of Successful) mark(messages[Number(Id)]?.Body, 'acknowledged')
  }

  const steps: Subject['steps'] = {
    async send({ sqs }) {
      const body = name()
      await sqs.send(new SendMessageCommand({ QueueUrl: urls.work, MessageBody: body }))
      acknowledge(body)
    },
    async sendBatch({ sqs }) {
      const bodies = Array.from({ length: 10 }, name)
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }))
      const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: urls.work, Entries }))
      for (const { Id } of Successful) acknowledge(bodies[Number(Id)] ?? '')
    },
    async receive({ sqs }) {
      await receive(sqs, 'work')
    },
    async receiveAndDelete({ sqs }) {
      const messages = await receive(sqs, 'work')
      await remove(sqs, 'work', messages.slice(0, 1))
      await remove(sqs, 'work', messages.slice(1, 5))
    },
  }

  return {
    steps,
    tallies: [sends, deletes, moves],
    async setUp({ sqs }) {
      const create = async (QueueName: string, Attributes = {}): Promise<string> =>
        (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? ''
      urls.dead = await create('dead')
      const asked = new GetQueueAttributesCommand({ QueueUrl: urls.dead, AttributeNames: ['QueueArn'] })
      const deadLetterTargetArn = (await sqs.send(asked)).Attributes?.['QueueArn']
      urls.work = await create('work', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }) })
    },
    async check({ sqs }) {
      const seen = new Map<string, number>()
      const found = { work: [] as Message[], dead: [] as Message[] }
      for (const queue of ['work', 'dead'] as const) {
        for (let got = await receive(sqs, queue); got.length > 0; got = await receive(sqs, queue)) {
          found[queue].push(...got)
          for (const { Body = '' } of got) seen.set(Body, (seen.get(Body) ?? 0) + 1)
        }
      }
      for (const { Body = '' } of found.dead) {
        if (!dead.has(Body)) moves.acknowledged += 1
        dead.add(Body)
      }
      for (const { Body = '' } of found.work) if (dead.has(Body)) moves.lost.push(`${Body} is back from the dead`)
      for (const [body, message] of known) judge(body, message, seen.get(body) ?? 0)
      for (const [body, count] of seen) if (!known.has(body)) sends.doubled.push(`${body}: ${count} times, never sent`)
      // Makes room; what stays must live through the rounds to come.
      for (let start = 0; start < found.dead.length; start += 20)
        await remove(sqs, 'dead', found.dead.slice(start, start + 10))
    },
  }

  function judge(body: string, message: Known, count: number): void {
    if (count > 1) sends.doubled.push(`${body}: ${count} times`)
    if (message.deleted === 'acknowledged') {
      if (count > 0) deletes.lost.push(`${body} came back`)
    } else if (count === 0 && message.deleted === 'no' && message.sent === 'acknowledged') {
      sends.lost.push(body)
    }
    // What had no answer is settled now: nothing of the process that died is still on its way.
    if (count > 0)
      known.set(body, { sent: 'acknowledged', deleted: message.deleted === 'acknowledged' ? 'acknowledged' : 'no' })
    else known.set(body, { sent: 'acknowledged', deleted: 'acknowledged' })
  }
}
