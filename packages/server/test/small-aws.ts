import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The calls of AWS that the server makes, on a real port; a test sets what they answer. */
export interface SmallAws {
  readonly url: string
  /** Bodies of accepted messages. */
  readonly queued: string[]
  secret: string | undefined
  /** Intake's own; undefined: there is none. */
  intakeSecret: string | undefined
  queues: readonly string[]
  /** Objects of its one bucket, by path; undefined: there is no bucket. */
  objects: Map<string, string> | 'out of order' | undefined
  /** Awaited before a batch is answered. */
  beforeSend: () => Promise<void>
  close(): Promise<void>
}

export const GOOD_SECRET: Readonly<Record<string, string>> = {
  PREFIX: 'dev',
  TRELLO_API_KEY: 'trello-key',
  TRELLO_API_TOKEN: 'trello-token',
  TRELLO_BOARD_ID: 'board',
  TRELLO_LIST_NAME: 'Inbox',
  SLACK_URL: 'https://hooks.slack.test/services/T/B/x',
  TEAMS_HMAC_SECRET: 'vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=',
}

interface AwsInput {
  readonly QueueName?: string
  readonly SecretId?: string
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody: string }[]
}

interface Answer {
  readonly status: number
  readonly body: object
}

export async function openSmallAws(): Promise<SmallAws> {
  const server = createServer((request, response) => {
    void respond(request, response)
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/dev-bucket') === true) {
      await answerObject(request, response)
      return
    }
    const input: AwsInput = JSON.parse((await readText(request)) || '{}')
    const { status, body } = await answer(String(request.headers['x-amz-target']), input)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
  }

  async function answerObject({ method, url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = url.split('?')
    const { objects } = aws
    const refuse = (status: number, code: string): void =>
      void response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
    if (!objects) refuse(404, 'NoSuchBucket')
    else if (objects === 'out of order') refuse(500, 'InternalError')
    else if (method === 'PUT' && objects.has(path)) refuse(412, 'PreconditionFailed')
    else if (method === 'PUT') {
      objects.set(path, '')
      response.writeHead(200, { etag: '"1"' }).end()
    } else refuse(404, 'NoSuchKey')
  }

  async function answer(target: string, { QueueName = '', SecretId = '', Entries = [] }: AwsInput): Promise<Answer> {
    if (target === 'secretsmanager.GetSecretValue') {
      const SecretString = SecretId.endsWith('-intake') ? aws.intakeSecret : aws.secret
      return SecretString === undefined
        ? { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no secret' } }
        : { status: 200, body: { SecretString } }
    }
    if (target === 'AmazonSQS.GetQueueUrl')
      return aws.queues.includes(QueueName)
        ? { status: 200, body: { QueueUrl: `${aws.url}/000000000000/${QueueName}` } }
        : { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no queue' } }
    await aws.beforeSend()
    for (const { MessageBody } of Entries) aws.queued.push(MessageBody)
    const Successful = Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    }))
    return { status: 200, body: { Successful, Failed: [] } }
  }

  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const aws: SmallAws = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    queued: [],
    secret: JSON.stringify(GOOD_SECRET),
    intakeSecret: undefined,
    queues: ['dev-LP', 'dev-MP', 'dev-HP'],
    objects: new Map(),
    beforeSend: async () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
  return aws
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}
