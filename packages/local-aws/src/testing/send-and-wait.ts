import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { startLocalAws } from '../start-local-aws.ts'

// A process that a test kills: sends three messages, says that they were acknowledged, and stays.
const { endpoint } = await startLocalAws({ folder: process.argv[2] })
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
const sqs = new SQSClient({ region: 'us-east-1', endpoint, credentials })
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
for (const MessageBody of ['one', 'two', 'three']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))
process.send?.('sent')
process.once('disconnect', () => process.exit())
