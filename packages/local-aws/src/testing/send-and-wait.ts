import { openStore } from '../store.ts'
import { systemClock } from '../system-clock.ts'
import { createCloud } from '../cloud.ts'
import { createSqsService } from '../services/sqs/create-sqs-service.ts'
import { callJson } from './call-raw.ts'

// A process to be killed: sends three messages, says that they were acknowledged, and stays.
const store = openStore(process.argv[2] ?? '')
const cloud = createCloud({ clock: systemClock, services: [createSqsService({ store, clock: systemClock })] })
await callJson(cloud, 'AmazonSQS.CreateQueue', { QueueName: 'q' })
for (const MessageBody of ['one', 'two', 'three']) {
  const { status } = await callJson(cloud, 'AmazonSQS.SendMessage', {
    QueueUrl: 'http://x/000000000000/q',
    MessageBody,
  })
  if (status !== 200) throw new Error(`the send was answered with ${status}`)
}
process.send?.('sent')
process.once('disconnect', () => process.exit())
