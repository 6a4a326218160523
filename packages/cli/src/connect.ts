import { createS3Client, createSecretsManagerClient, createSqsClient } from 'ticket-adapters/aws'
import type { StackClientOptions } from '@ticketing/stack'
import { createDeadLetterArchive, createLedgerReader, createLedgers } from 'ticket-adapters/s3'
import { createSecretSource } from 'ticket-adapters/secrets-manager'
import { findQueueUrl } from 'ticket-adapters/sqs'
import type { AppSecret, DeadLetterArchive, LedgerReader, Ledgers, TicketLane } from 'ticket-core'
import { nameResources } from 'ticket-core'
import { CliError } from './cli-error.ts'
import type { Hint } from './hints.ts'
import type { Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** A deployed system, found by its secret: everything else follows from the prefix in there. */
export interface System {
  readonly aws: StackClientOptions
  readonly secret: AppSecret
  readonly bucket: string
  readonly s3: ReturnType<typeof createS3Client>
  /** For an id of which nothing else is known. */
  readonly ledger: LedgerReader
  readonly ledgers: Ledgers
  readonly archive: DeadLetterArchive
}

/**
 * How SDK clients reach a target. The testbed never sees a person's own credentials; another endpoint may want them;
 * real AWS takes only what the SDK's own chain finds.
 */
export function awsOptions(target: Target, context: CommandContext): StackClientOptions {
  const own = Boolean(context.env['AWS_ACCESS_KEY_ID'] || context.env['AWS_PROFILE'])
  const isInvented = target.kind === 'testbed' || (target.kind === 'endpoint' && !own)
  return {
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    ...(target.region !== undefined && { region: target.region }),
    ...(isInvented && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
    ...context.aws,
  }
}

/** The secret's name or ARN. */
export function secretIdOf(target: Target, context: CommandContext): string {
  return context.env['TICKETING_SECRET_ID'] || (target.running?.secretId ?? 'ticketing-app')
}

/** Milliseconds: a person waits longer than a message of Teams, and a busy machine answers late. */
const PATIENCE = 10_000

/** Reads the secret and names the system's parts. */
export async function connect(target: Target, context: CommandContext): Promise<System> {
  const aws = awsOptions(target, context)
  const { clock } = context
  const secretId = secretIdOf(target, context)
  const client = createSecretsManagerClient(aws)
  const read = await createSecretSource({
    client,
    secretId,
    clock,
    allowHttp: target.endpoint !== undefined,
    timeoutMs: PATIENCE,
  }).current()
  if (!read.ok) {
    const mayPass = read.failure.code === 'secret-unavailable' && !read.failure.refused
    throw new CliError(describeUnread(secretId, target, read.failure), 1, { mayPass })
  }
  const { bucket } = nameResources(read.value.prefix)
  const s3 = createS3Client(aws)
  const store = { client: s3, bucket, clock }
  return {
    aws,
    secret: read.value,
    bucket,
    s3,
    ledger: createLedgerReader(store),
    ledgers: createLedgers(store),
    archive: createDeadLetterArchive(store),
  }
}

/** The queue of each lane, looked up by name. */
export async function findQueues(
  { aws, secret }: System,
  { clock }: CommandContext,
  hint: Hint,
): Promise<Readonly<Record<TicketLane, string>>> {
  const client = createSqsClient(aws)
  const { lanes } = nameResources(secret.prefix)
  const find = async (lane: TicketLane): Promise<string> => {
    const name = lanes[lane].queue
    const found = await findQueueUrl({ client, name, clock })
    if (found.ok) return found.value
    throw new CliError(`the queue ${name} was not found (${found.failure.code}); apply the stack: ${hint('up')}`)
  }
  const [low, medium, high] = await Promise.all([find('low'), find('medium'), find('high')])
  return { low, medium, high }
}

type Unread = Extract<Awaited<ReturnType<ReturnType<typeof createSecretSource>['current']>>, { ok: false }>['failure']

function describeUnread(secretId: string, { endpoint, running }: Target, failure: Unread): string {
  const where = endpoint ?? 'AWS'
  switch (failure.code) {
    case 'secret-invalid': {
      const wrong = failure.problems.map(({ key, problem, expected }) => `  ${key} is ${problem}; expected ${expected}`)
      return [`the secret "${secretId}" at ${where} is not right:`, ...wrong].join('\n')
    }
    case 'secret-missing': {
      const other =
        running && running.secretId !== secretId ? ` (the testbed of this folder has ${running.secretId})` : ''
      return `the secret "${secretId}" is not there: ${failure.reason} Create it, or name another one with TICKETING_SECRET_ID${other}`
    }
    case 'secret-unavailable': {
      const check = endpoint === undefined ? 'AWS_REGION (or --region), the credentials' : `that ${endpoint} answers`
      const todo = failure.refused ? 'Check the credentials and what they allow' : `Check ${check}, and try again`
      return `the secret "${secretId}" at ${where} could not be read: ${failure.reason} ${todo}`
    }
  }
}
