import { tmpdir } from 'node:os'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { startLocalAws, systemClock, type LocalAwsOptions } from '@ticketing/local-aws'
import { createInProcessClients } from '@ticketing/testbed'
import { createDeadLetterArchive, createLedger, createTokenTeams, type StoreSettings } from 'ticket-adapters/s3'
import type { DeadLetter, LedgerRecord } from 'ticket-core'
import { buildLetter, START } from '../support/records.ts'
import { runInProcess, type InProcessOptions, type InProcessResult } from '../support/run-in-process.ts'
import { startCommand, type RunningCommand } from './start-command.ts'

const BUCKET = 'acme-bucket'

export interface DeadLetterCloud extends AsyncDisposable {
  /** The bucket of this cloud. */
  readonly store: StoreSettings
  /** Runs `ticketing <words>` against this cloud, as a person would. */
  run(words: string | readonly string[], options?: Partial<InProcessOptions>): Promise<InProcessResult>
  /** Starts the same in a process of its own, which can be killed. */
  start(words: string): RunningCommand
  /** Puts letters into the archive, as the function for dead letters would. */
  archive(...letters: readonly DeadLetter[]): Promise<void>
  letter(key: string): Promise<DeadLetter | undefined>
  /** Changes a letter like another writer: the function for dead letters, another operator. */
  change(key: string, change: Partial<DeadLetter>): Promise<void>
  record(...records: readonly LedgerRecord[]): Promise<void>
  /** Puts any text in place of a letter, or of another folder's object. */
  damage(key: string, text: string, folder?: string): Promise<void>
  /** Sends a message to the dead-letter queue, where it stays. */
  deadLetter(body: string): Promise<void>
  /** Takes everything out of a queue, that of medium priority unless another is named: the bodies. */
  takeQueued(queue?: string): Promise<string[]>
  /** Binds a token to a team, as the server does. */
  bindToken(digest: string, team: string): Promise<void>
  /** Every object with its version. */
  objects(): Promise<string[]>
  /** Intercepts all later calls of the cloud. */
  interceptCalls(intercept: LocalAwsOptions['intercept']): void
}

/** A cloud with an archive, a ledger and the queues, but without functions. */
export async function startDeadLetterCloud(): Promise<DeadLetterCloud> {
  const clock = systemClock
  let intercept: LocalAwsOptions['intercept']
  const localAws = await startLocalAws({ intercept: (call, input, run) => intercept?.(call, input, run) ?? run() })
  const clients = createInProcessClients({
    region: 'us-east-1',
    endpoint: localAws.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: localAws.requestHandler,
  })
  const { s3, sqs, secretsManager } = clients
  const secret = {
    PREFIX: 'acme',
    TRELLO_API_KEY: 'key',
    TRELLO_API_TOKEN: 'token',
    TRELLO_BOARD_ID: '5f0000000000000000000001',
    TRELLO_LIST_NAME: 'To Do',
    SLACK_URL: 'https://slack.test/services/T0/B0/x',
    TEAMS_HMAC_SECRET: Buffer.from('a token of one team, in 32 bytes').toString('base64'),
  }
  await secretsManager.send(new CreateSecretCommand({ Name: 'ticketing-app', SecretString: JSON.stringify(secret) }))
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  for (const QueueName of ['acme-LP', 'acme-MP', 'acme-HP', 'acme-NQ', 'acme-EVQ', 'acme-DLQ'])
    await sqs.send(new CreateQueueCommand({ QueueName }))
  const store = { client: s3, bucket: BUCKET, clock }
  const archive = createDeadLetterArchive(store)
  const ledger = createLedger({ ...store, lane: 'medium' })
  return {
    store,
    run: (words, options) =>
      runInProcess(typeof words === 'string' ? words.split(' ') : words, {
        cwd: tmpdir(),
        env: { AWS_ENDPOINT_URL: localAws.endpoint },
        clients,
        ...options,
      }),
    start: (words) => startCommand(words.split(' '), tmpdir(), { AWS_ENDPOINT_URL: localAws.endpoint }),
    async archive(...letters) {
      const written = await Promise.all(letters.map((letter) => archive.write(letter.key, letter, 'absent')))
      written.forEach(expectWritten)
    },
    async bindToken(digest, team) {
      const teams = createTokenTeams(store)
      expectWritten(await teams.write(digest, { v: 1, token: digest, team, boundAt: START, nonce: team }, 'absent'))
    },
    async letter(key) {
      const stored = await archive.read(key)
      return stored.kind === 'found' ? stored.item : undefined
    },
    async change(key, change) {
      const stored = await archive.read(key)
      if (stored.kind !== 'found') throw new Error(`there is no letter ${key}`)
      expectWritten(await archive.write(key, { ...stored.item, ...change, nonce: `changed-${key}` }, stored))
    },
    async record(...records) {
      const written = await Promise.all(records.map((record) => ledger.write(record.id, record, 'absent')))
      written.forEach(expectWritten)
    },
    async damage(key, Body, folder = 'dead-letters/') {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${folder}${key}.json`, Body }))
    },
    async deadLetter(MessageBody) {
      await sqs.send(new SendMessageCommand({ QueueUrl: `${localAws.endpoint}/000000000000/acme-DLQ`, MessageBody }))
    },
    async takeQueued(queue = 'acme-MP') {
      const QueueUrl = `${localAws.endpoint}/000000000000/${queue}`
      const bodies: string[] = []
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
        if (Messages.length === 0) return bodies
        bodies.push(...Messages.map(({ Body = '' }) => Body))
      }
    },
    async objects() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      return Contents.map(({ Key, ETag }) => `${Key} ${ETag}`)
    },
    interceptCalls(next) {
      intercept = next
    },
    async [Symbol.asyncDispose]() {
      await localAws.close()
    },
  }
}

function expectWritten({ kind }: { kind: string }): void {
  if (kind !== 'written') throw new Error(`it was not written: ${kind}`)
}

/** A letter of a message without a ticket. */
export function buildUnreadable(digit: string, body: string): DeadLetter {
  const { ticket: _, ...letter } = buildLetter(900)
  return {
    ...letter,
    key: `unreadable-${digit.repeat(16)}`,
    kind: 'unreadable',
    cause: { code: 'unreadable', reason: 'the body is not JSON' },
    message: { messageId: `unreadable-${digit}`, body, attributes: { code: 'unreadable' } },
  }
}
