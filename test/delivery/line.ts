import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { createClose, createRedrive, type Closed, type Redriven } from '@ticketing/dead-letters'
import {
  createDeadHandler,
  createHighHandler,
  createLowHandler,
  createMediumHandler,
  type FunctionRuntime,
  type QueueHandler,
} from '@ticketing/lambdas'
import { bypassWire, createLocalAws, createVirtualClock, type Call, type VirtualClock } from '@ticketing/local-aws'
import {
  createFaults,
  createSimulatorFetch,
  createSlackSimulator,
  createTrelloSimulator,
  type Faults,
  type SlackSimulator,
  type TrelloSimulator,
} from '@ticketing/testbed'
import { createS3Client, createSqsClient } from 'ticket-adapters/aws'
import { createDeadLetterArchive, createLedgerReader, createLedgers } from 'ticket-adapters/s3'
import { createEnvelopeSender } from 'ticket-adapters/sqs'
import { type DeadLetter, type Lane, type LedgerRecord, nameResources } from 'ticket-core'
import { type AwsCall, type Fate, createContainer } from './container.ts'
import { toRecord } from './messages.ts'

/** 2026-11-24T10:00:00Z */
export const START = 1_795_514_400_000
const { bucket: BUCKET, lanes } = nameResources('test')
const MAKERS = { low: createLowHandler, medium: createMediumHandler, high: createHighHandler, dead: createDeadHandler }

/** Answers a call, throws what the cloud answers, or lets it pass. */
type Breaks = (call: Call, input: Fields) => Promise<{ readonly output: Fields } | undefined>
type Fields = Readonly<Record<string, unknown>>

interface Faulty {
  readonly aws?: (call: AwsCall) => Fate
  readonly vendor?: (url: string) => Fate
  /** @default 30 s */
  readonly milliseconds?: number
}

type Ran = { readonly kind: 'answered' | 'killed' | 'idle'; readonly back: readonly string[] }

export interface Line {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly slack: SlackSimulator
  readonly trello: TrelloSimulator
  readonly logged: readonly string[]
  /** Breaks calls inside the cloud: what S3 or SQS answers of itself. */
  breakCloud(breaks: Breaks): () => void
  send(queue: Lane, body: string, attributes?: Readonly<Record<string, string>>): Promise<string>
  /** Receives a batch and runs a fresh function on it; deletes what it does not name as failed. */
  run(queue: Lane, faulty?: Faulty): Promise<Ran>
  record(id: string): Promise<LedgerRecord | undefined>
  letter(key: string): Promise<DeadLetter | undefined>
  objects(prefix: string): Promise<readonly string[]>
  object(key: string): Promise<string | undefined>
  /** Puts any text under any key, as a function of ours should not. */
  put(key: string, text: string): Promise<void>
  redrive(key: string, options?: { readonly dryRun?: boolean; readonly closed?: boolean }): Promise<Redriven>
  closeLetter(key: string, because: string): Promise<Closed>
  close(): Promise<void>
}

/** Everything behind the queues, in this process, on a clock that stands still. */
export async function startLine(options: { readonly giveUpAfter?: string } = {}): Promise<Line> {
  const clock = createVirtualClock(START)
  let breaks: Breaks | undefined
  const cloud = createLocalAws({
    clock,
    intercept: async (call, input, run) => {
      const answered = await breaks?.(call, input)
      return answered ? answered.output : run()
    },
  })
  const handler = cloud.requestHandler
  const aws = {
    region: 'us-east-1',
    endpoint: 'http://cloud.test:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: handler,
  }
  // Functions take the wire, where containers lose their calls; what looks on saves itself that.
  const sqs = createSqsClient({ ...aws, extend: bypassWire })
  const s3 = createS3Client({ ...aws, extend: bypassWire })
  const faults = createFaults()
  const trello = createTrelloSimulator({ clock })
  const slack = createSlackSimulator({ clock })
  for (const simulator of [trello, slack]) simulator.intercept(faults.interceptor)
  const reachVendors = createSimulatorFetch([trello, slack])
  const secret = {
    PREFIX: 'test',
    TRELLO_API_KEY: trello.key,
    TRELLO_API_TOKEN: trello.token,
    TRELLO_BOARD_ID: trello.boardId,
    TRELLO_LIST_NAME: 'To Do',
    SLACK_URL: slack.webhookUrl,
    ADMIN_SLACK_URL: slack.addWebhook('admins'),
    TEAMS_HMAC_SECRET: Buffer.from('a token of one team, in 32 bytes').toString('base64'),
  }
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await new SecretsManagerClient(aws).send(
    new CreateSecretCommand({ Name: 'ticketing-app', SecretString: JSON.stringify(secret) }),
  )
  const makeQueue = async (QueueName: string): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName,
        Attributes: { VisibilityTimeout: '180', MessageRetentionPeriod: '1209600' },
      }),
    )
    return QueueUrl
  }
  const urls: Readonly<Record<Lane, string>> = {
    low: await makeQueue(lanes.low.queue),
    medium: await makeQueue(lanes.medium.queue),
    high: await makeQueue(lanes.high.queue),
    dead: await makeQueue(lanes.dead.queue),
  }
  const logged: string[] = []
  let made = 0
  const number = (): string => String((made += 1))

  const open = (queue: Lane, faulty: Faulty): { handle: QueueHandler; killed: Promise<'killed'> } => {
    const container = createContainer({
      clock,
      fetch: reachVendors,
      handler,
      fateOfAws: faulty.aws ?? (() => 'passes'),
      fateOfVendor: faulty.vendor ?? (() => 'passes'),
    })
    const runtime: FunctionRuntime = {
      env: {
        TICKETING_QUEUE_URL: urls[queue],
        TICKETING_DLQ_URL: urls.dead,
        TICKETING_BUCKET: BUCKET,
        TICKETING_GIVE_UP_AFTER: options.giveUpAfter ?? '24h',
      },
      clock: container.clock,
      fetch: container.fetch,
      aws: { ...aws, requestHandler: container.requestHandler },
      writeLine: (line) => void logged.push(line),
      newNonce: () => `nonce-${number()}`,
      jitter: () => 1,
    }
    return { handle: MAKERS[queue](runtime), killed: container.killed }
  }

  /** Lets time pass only while the work waits for it. */
  const drive = async <Value>(work: Promise<Value>): Promise<Value> => {
    let isOver = false
    const over = (): void => void (isOver = true)
    work.then(over, over)
    for (;;) {
      await clock.settle()
      if (isOver) return work
      if (!(await clock.advanceToNext())) throw new Error('the function waits for something that no clock brings')
    }
  }

  const ledger = createLedgerReader({ client: s3, bucket: BUCKET, clock })
  const archive = createDeadLetterArchive({ client: s3, bucket: BUCKET, clock })
  const desk = {
    archive,
    ledgers: createLedgers({ client: s3, bucket: BUCKET, clock }),
    clock,
    log: { write: () => undefined },
    newNonce: () => `operator-${number()}`,
  }
  const close = createClose(desk)
  const redrive = createRedrive({
    ...desk,
    send: createEnvelopeSender({
      client: sqs,
      queueUrls: urls,
      clock,
    }),
  })

  return {
    clock,
    faults,
    slack,
    trello,
    logged,
    breakCloud(next) {
      breaks = next
      return () => (breaks = undefined)
    },
    async send(queue, body, attributes = {}) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      )
      const sent = await sqs.send(
        new SendMessageCommand({ QueueUrl: urls[queue], MessageBody: body, MessageAttributes }),
      )
      return sent.MessageId ?? ''
    },
    async run(queue, faulty = {}) {
      const QueueUrl = urls[queue]
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 0,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      )
      if (Messages.length === 0) return { kind: 'idle', back: [] }
      const endsAt = clock.now() + (faulty.milliseconds ?? 30_000)
      const { handle, killed } = open(queue, faulty)
      const context = { awsRequestId: `request-${number()}`, getRemainingTimeInMillis: () => endsAt - clock.now() }
      const answer = await drive(Promise.race([handle({ Records: Messages.map(toRecord) }, context), killed]))
      if (answer === 'killed') return { kind: 'killed', back: Messages.map(({ MessageId = '' }) => MessageId) }
      const back = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
      for (const { MessageId = '', ReceiptHandle } of Messages)
        if (!back.includes(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      return { kind: 'answered', back }
    },
    async record(id) {
      const stored = await ledger.read(id)
      return stored.kind === 'found' ? stored.item : undefined
    },
    async letter(key) {
      const stored = await archive.read(key)
      return stored.kind === 'found' ? stored.item : undefined
    },
    async objects(prefix) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }))
      return Contents.flatMap(({ Key }) => Key ?? [])
    },
    async object(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key })).catch(() => ({ Body: undefined }))
      return Body?.transformToString()
    },
    async put(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))
    },
    redrive: (key, options) => drive(redrive(key, options)),
    closeLetter: (key, because) => drive(close(key, { because })),
    close: () => cloud.close(),
  }
}
