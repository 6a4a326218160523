import type { StackClients } from '@ticketing/stack'
import {
  type Bucket,
  createAddressBook,
  createCaseStore,
  createDeadLetterArchive,
  createIndexStore,
  createLedgerReader,
  createLedgers,
} from 'ticket-adapters/s3'
import { createSecretSource } from 'ticket-adapters/secrets-manager'
import { findQueueUrl } from 'ticket-adapters/sqs'
import {
  type AddressBook,
  type AppSecret,
  type CaseStore,
  type DeadLetterArchive,
  type IndexStore,
  type LedgerReader,
  type Ledgers,
  type WorkLane,
  nameResources,
  secretIdRule,
  intakeSecretId,
} from 'ticket-core'
import { CliError } from './cli-error.ts'
import { type Hint, type Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** A deployed system, found by its secret: all names follow from the prefix in it. */
export interface System {
  readonly target: Target
  /** They make one attempt for each call: the adapters retry by our clock. */
  readonly clients: StackClients
  readonly secret: AppSecret
  readonly bucket: string
  /** The same with the client that calls it. */
  readonly store: Bucket
  /** Looks in all lanes, for an id of unknown priority. */
  readonly ledger: LedgerReader
  readonly ledgers: Ledgers
  readonly archive: DeadLetterArchive
  readonly cases: CaseStore
  readonly index: IndexStore
  readonly people: AddressBook
}

/**
 * The clients of a target. The testbed never gets a person's own credentials; another endpoint may need them; real AWS
 * takes only what the SDK's own chain finds.
 */
export function createClientsOf(
  target: Target,
  context: CommandContext,
  tries: { readonly maxAttempts?: number } = {},
): StackClients {
  const own = Boolean(context.env['AWS_ACCESS_KEY_ID'] || context.env['AWS_PROFILE'])
  const isInvented = target.kind === 'testbed' || (target.kind === 'endpoint' && !own)
  return context.clients({
    ...tries,
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    ...(target.region !== undefined && { region: target.region }),
    ...(isInvented && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  })
}

/** The secret's name or ARN. */
export function secretIdOf(target: Target, context: CommandContext): string {
  return context.env['TICKETING_SECRET_ID'] || (target.running?.secretId ?? secretIdRule.fallback)
}

/** Milliseconds: a person can wait longer than Teams, and a busy machine is slow. */
const SECRET_TIMEOUT_MS = 10_000

/** Reads the secret and names the system's parts. */
export async function connect(target: Target, context: CommandContext): Promise<System> {
  const clients = createClientsOf(target, context, { maxAttempts: 1 })
  const { clock } = context
  const secretId = secretIdOf(target, context)
  const read = await createSecretSource({
    client: clients.secretsManager,
    secretId,
    clock,
    allowHttp: target.endpoint !== undefined,
    timeoutMs: SECRET_TIMEOUT_MS,
  }).current()
  if (!read.ok) {
    const isTransient = read.failure.code === 'secret-unavailable' && !read.failure.refused
    throw new CliError(describeUnread(secretId, target, read.failure), 1, { isTransient })
  }
  const { bucket } = nameResources(read.value.prefix, read.value.bucket)
  const store = { client: clients.s3, bucket, clock }
  return {
    target,
    clients,
    secret: read.value,
    bucket,
    store,
    ledger: createLedgerReader(store),
    ledgers: createLedgers(store),
    archive: createDeadLetterArchive(store),
    cases: createCaseStore(store),
    index: createIndexStore(store),
    people: createAddressBook(store),
  }
}

/** The queue of each lane that does work, looked up by name. */
export async function findQueues(
  system: System,
  context: CommandContext,
  hint: Hint,
): Promise<Readonly<Record<WorkLane, string>>> {
  const find = (lane: WorkLane): Promise<string> => findQueue(system, context, { lane, hint })
  const [low, medium, high, events, news] = await Promise.all([
    find('low'),
    find('medium'),
    find('high'),
    find('events'),
    find('news'),
  ])
  return { low, medium, high, events, news }
}

/** The queue of one lane. */
export async function findQueue(
  { clients, secret }: System,
  { clock }: CommandContext,
  { lane, hint }: { readonly lane: WorkLane; readonly hint: Hint },
): Promise<string> {
  const name = nameResources(secret.prefix).lanes[lane].queue
  const found = await findQueueUrl({ client: clients.sqs, name, clock })
  if (found.ok) return found.value
  throw new CliError(`the queue ${name} was not found (${found.failure.code}); apply the stack: ${hint('up')}`)
}

type Unread = Extract<Awaited<ReturnType<ReturnType<typeof createSecretSource>['current']>>, { ok: false }>['failure']

function describeUnread(secretId: string, { endpoint, running }: Target, failure: Unread): string {
  const where = endpoint ?? 'AWS'
  switch (failure.code) {
    case 'secret-invalid': {
      const wrong = failure.problems.map(
        ({ key, problem, expected, inIntake }) =>
          `  ${inIntake ? `${key} of ${intakeSecretId(secretId)}` : key} is ${problem}; expected ${expected}`,
      )
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
