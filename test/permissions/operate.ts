import { tmpdir } from 'node:os'
import { AttachRolePolicyCommand, CreatePolicyCommand, DeleteRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam'
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import {
  applyStack,
  boundaryPolicy,
  describeStack,
  destroyStack,
  ensureSecret,
  readStack,
  type DesiredStack,
  type StackClients,
} from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import { createTokenTeams, listTokenTeams, releaseToken } from 'ticket-adapters/s3'
import { createSecretSource } from 'ticket-adapters/secrets-manager'
import { LANES, nameResources } from 'ticket-core'
import { type Account, fastClock as clock, SCOPE } from './account.ts'
import { expectThat } from './expect-that.ts'
import { QUEUES, workOnDeadLetters } from './operate-dead-letters.ts'
import { changeIntakeByHand } from './intake-function.ts'
import { makeOldStack, seeOldStack } from './old-stack.ts'
import { runInProcess } from '../support/run-in-process.ts'
import {
  DEAD_EVENT,
  DEAD_NEWS,
  REPORTER,
  storeArchivedTicket,
  storeCase,
  storeDeadTicket,
  storeLetter,
  TICKETS,
} from './store-letters.ts'

const { bucket: BUCKET, lanes } = nameResources(SCOPE.prefix)
const DIGEST = 'd'.repeat(64)
const [{ id: ID }] = TICKETS
/** In an order in which each changes something. */
const TICKET_COMMANDS: readonly (readonly string[])[] = [
  ['tickets', 'list'],
  ['tickets', 'show', ID],
  ['tickets', 'close', ID],
  ['tickets', 'export'],
  ['tickets', 'reindex'],
  ['tickets', 'forget', REPORTER],
]

/** Something that an operator does. It begins with the account as the tasks before it leave it. */
export interface Task {
  readonly name: string
  /** What others do before it. */
  readonly before?: (root: StackClients) => Promise<void>
  /** Throws at the first unexpected result. */
  readonly run: (clients: StackClients, account: Account) => Promise<void>
}

/** Everything that an operator does, in order. */
export const TASKS: readonly Task[] = [
  {
    name: 'makes the stack',
    before: makeBoundary,
    run: async (clients) => void (await up(clients, await desire(clients, 'first'))),
  },
  {
    name: 'puts right what others changed, changes it, looks at it',
    before: changeByHand,
    run: async (clients) => {
      await up(clients, await desire(clients, 'second'))
      expectThat('nothing is left to change', (await up(clients, await desire(clients, 'second'))) === 0)
      const source = { client: clients.secretsManager, secretId: SCOPE.secretId, allowHttp: true, clock: systemClock }
      const secret = await createSecretSource(source).current()
      expectThat('the secrets are read, the tokens in one of their own', secret.ok && !secret.value.sharedTokens)
      const status = await readStack(clients, { prefix: SCOPE.prefix })
      if (!status.ok) throw new Error(status.failure.problem)
    },
  },
  {
    name: 'makes line 1 a function',
    run: async (clients) => void (await up(clients, await desire(clients, 'second', 'function'))),
  },
  {
    name: 'puts line 1 right after others changed it',
    before: changeIntakeByHand,
    run: async (clients) => {
      await up(clients, await desire(clients, 'second', 'function'))
      const again = await up(clients, await desire(clients, 'second', 'function'))
      expectThat('nothing is left to change', again === 0)
      await up(clients, await desire(clients, 'second', 'unlimited function'))
    },
  },
  {
    name: 'takes the function of line 1 away',
    run: async (clients) => {
      await up(clients, await desire(clients, 'second', 'none'))
      expectThat('nothing is left', (await up(clients, await desire(clients, 'second', 'none'))) === 0)
    },
  },
  {
    name: 'redrives and closes dead letters',
    before: async (root) => {
      for (const ticket of TICKETS) await storeDeadTicket(root, ticket)
      for (const letter of [DEAD_EVENT, DEAD_NEWS]) await storeLetter(root, letter)
    },
    run: workOnDeadLetters,
  },
  {
    name: 'works on tickets',
    before: async (root) => {
      for (const ticket of TICKETS) await storeCase(root, ticket)
      await storeArchivedTicket(root)
    },
    run: async (clients) => {
      for (const words of TICKET_COMMANDS) {
        const options = { cwd: tmpdir(), env: { AWS_ENDPOINT_URL: 'http://cloud.internal' }, clients }
        const { code, output } = await runInProcess(words, options)
        expectThat(`ticketing ${words.join(' ')}: ${output}`, code === 0)
      }
    },
  },
  {
    name: 'lists tokens and releases one',
    before: async ({ s3: client }) => {
      const bound = { v: 1, token: DIGEST, team: '19:team', boundAt: 0, nonce: '19:team' } as const
      const written = await createTokenTeams({ client, bucket: BUCKET, clock }).write(DIGEST, bound, 'absent')
      expectThat('the token is bound', written.kind === 'written')
    },
    run: async ({ s3: client }) => {
      const bucket = { client, bucket: BUCKET, clock }
      const listed = await listTokenTeams(bucket)
      expectThat(`the token is listed: ${JSON.stringify(listed)}`, JSON.stringify(listed).includes('19:team'))
      const failure = await releaseToken(bucket, DIGEST)
      expectThat(`it is released: ${failure}`, failure === undefined)
    },
  },
  {
    name: 'sees the stack of an earlier prefix',
    before: makeOldStack,
    run: seeOldStack,
  },
  {
    name: 'takes it down without its data',
    run: async (clients) => {
      const kept = await down(clients, 'keep')
      const holding = [...Object.values(QUEUES), BUCKET].toSorted().join()
      expectThat(`what holds data stays: ${kept.join()}`, kept.join() === holding)
    },
  },
  {
    name: 'takes it down with its data',
    run: async (clients) => expectThat('nothing stays', (await down(clients, 'delete')).length === 0),
  },
  {
    name: 'takes down what is empty',
    before: async (root) => {
      await up(root, await desire(root, 'first'))
      for (const folder of [
        'ledger/low',
        'cases',
        'index',
        'places',
        'sweep',
        'tickets',
        'token-teams',
        'people',
        'dead-letters',
      ])
        await root.s3.send(
          new PutObjectCommand({ Bucket: BUCKET, Key: `${folder}/one.json`, Body: '{}', IfNoneMatch: '*' }),
        )
    },
    run: async (clients) => expectThat('what is empty goes', (await down(clients, 'keep')).join() === BUCKET),
  },
  {
    name: 'takes down a bucket with versions, in which everything was deleted',
    run: async (clients, account) => {
      account.intercept(async ({ operation }, _input, run) => {
        if (operation === 'GetBucketVersioning') return { Status: 'Enabled' }
        if (operation === 'ListObjectsV2') return { KeyCount: 0 }
        return run()
      })
      expectThat('nothing stays of a bucket with versions', (await down(clients, 'delete')).length === 0)
    },
  },
]

/** What the stack should be; `version` is a difference between two. */
export async function desire(
  clients: StackClients,
  version: string,
  line?: 'function' | 'unlimited function' | 'none',
): Promise<DesiredStack> {
  const secret = await ensureSecret(clients, { secretId: SCOPE.secretId, values: {} })
  if (!secret.ok) throw new Error(secret.failure.problem)
  const code = { zip: emptyZip(version), handler: 'index.handler' }
  return describeStack({
    ...SCOPE,
    secretArn: secret.value.arn,
    functions: { low: code, medium: code, high: code, news: code, events: code, dead: code },
    settings: { TICKETING_LOG_LEVEL: version },
    ...(line && {
      intake: line === 'none' ? 'none' : { code, ...(line === 'unlimited function' && { concurrency: 'none' }) },
    }),
  })
}

/** A zip with nothing in it but a comment: its end-of-directory record. */
export function emptyZip(comment: string): Uint8Array {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([end, Buffer.from(comment)])
}

/** Makes the whole stack. */
export async function applyAll(clients: StackClients): Promise<void> {
  await up(clients, await desire(clients, 'first'))
}

/** Resolves with the number of changes. */
async function up(clients: StackClients, desired: DesiredStack): Promise<number> {
  const applied = await applyStack(desired, clients, { clock })
  if (!applied.ok) throw new Error(applied.failure.problems.map(({ problem }) => problem).join('\n'))
  return applied.value.changes.length
}

/** What an administrator does once in an account. */
async function makeBoundary({ iam }: StackClients): Promise<void> {
  const PolicyDocument = JSON.stringify(boundaryPolicy(SCOPE))
  await iam.send(new CreatePolicyCommand({ PolicyName: nameResources(SCOPE.prefix).boundary, PolicyDocument }))
}

/** Changes by hand what the stack made. */
async function changeByHand({ iam, lambda, sqs }: StackClients): Promise<void> {
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
  for (const { role: RoleName, queue, function: FunctionName } of LANES.map((lane) => lanes[lane])) {
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    const QueueUrl = `http://cloud.internal/${SCOPE.accountId}/${queue}`
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: '60' } }))
    const found = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }))
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: found.EventSourceMappings?.[0]?.UUID, BatchSize: 5 }))
  }
}

/** Resolves with what is left of what may be removed. */
async function down(clients: StackClients, data: 'keep' | 'delete'): Promise<string[]> {
  const destroyed = await destroyStack(SCOPE, clients, { clock, data, propagationMs: 0 })
  if (!destroyed.ok) throw new Error(destroyed.failure.problems.map(({ problem }) => problem).join('\n'))
  const left = destroyed.value.left.map(({ resource }) => resource)
  expectThat(
    "the boundary stays, which is an administrator's",
    left.some(({ kind }) => kind === 'policy'),
  )
  return left.flatMap(({ kind, name }) => (kind === 'policy' ? [] : [name])).toSorted()
}
