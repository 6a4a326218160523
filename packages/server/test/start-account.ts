import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { createLocalAws } from '@ticketing/local-aws'
import { type AwsClients, createAwsClients } from 'ticket-adapters/aws'
import { onTestFinished } from 'vitest'

export const GOOD_SECRET: Readonly<Record<string, string>> = {
  PREFIX: 'dev',
  TRELLO_API_KEY: 'trello-key',
  TRELLO_API_TOKEN: 'trello-token',
  TRELLO_BOARD_ID: 'board',
  TRELLO_LIST_NAME: 'Inbox',
  SLACK_URL: 'https://hooks.slack.test/services/T/B/x',
  TEAMS_HMAC_SECRET: 'vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=',
}

/** An AWS account in this process, with queues, bucket and secret of prefix `dev`; gone when the test is over. */
export interface TestAccount {
  readonly clients: AwsClients
  /** Runs before each call of this name: it can wait, or throw what AWS answers. */
  readonly before: Map<string, () => Promise<void>>
  makeSecret(values: Readonly<Record<string, string>>, name?: string): Promise<void>
  /** The tickets' titles in the queue of high priority. */
  queued(): Promise<readonly string[]>
}

export async function startAccount(
  options: { secret?: Readonly<Record<string, string>>; queues?: readonly string[] } = {},
): Promise<TestAccount> {
  const { secret = GOOD_SECRET, queues = ['dev-LP', 'dev-MP', 'dev-HP', 'dev-EVQ'] } = options
  const before = new Map<string, () => Promise<void>>()
  const aws = createLocalAws({
    intercept: async ({ operation }, _input, run) => {
      await before.get(operation)?.()
      return run()
    },
  })
  onTestFinished(() => aws.close())
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const { requestHandler } = aws
  const clients = createAwsClients({
    endpoint: 'http://cloud.internal',
    region: 'us-east-1',
    credentials,
    requestHandler,
  })
  const { sqs, s3, secretsManager } = clients
  const makeSecret: TestAccount['makeSecret'] = async (values, Name = 'ticketing-app') => {
    await secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(values) }))
  }
  await makeSecret(secret)
  await s3.send(new CreateBucketCommand({ Bucket: 'dev-bucket' }))
  for (const QueueName of queues) await sqs.send(new CreateQueueCommand({ QueueName }))
  return {
    clients,
    before,
    makeSecret,
    async queued() {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'dev-HP' }))
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
      return Messages.map(({ Body = '' }) => String(JSON.parse(Body).ticket.title))
    },
  }
}
