import { GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda'
import { GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { nameResources } from '@ticketing/stack'
import type { Lane, PolicyDocument } from '@ticketing/stack'
import { findTicketId, replyText } from '@ticketing/testbed'
import type { VirtualTestbed } from '@ticketing/testbed'
import { listDeadLetters } from 'ticket-adapters/s3'
import type { LedgerRecord } from 'ticket-core'
import { buildTicket, envelopeOf } from '../delivery/messages.ts'
import { expectThat } from './expect-that.ts'

const POLICY_NAME = 'what-the-function-does'

/** What a function's role may, as it was deployed. */
export async function rolePolicyOf(bed: VirtualTestbed, lane: Lane): Promise<PolicyDocument> {
  const RoleName = nameResources(bed.prefix).lanes[lane].role
  const found = await bed.clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME }))
  const policy: PolicyDocument = JSON.parse(decodeURIComponent(found.PolicyDocument ?? ''))
  return policy
}

/**
 * A function's work from the making of its mapping on, with this policy for its role. Throws at the first thing that does
 * not go as it should, or not in time.
 */
export async function work(bed: VirtualTestbed, lane: Lane, policy: PolicyDocument): Promise<void> {
  const { role: RoleName } = nameResources(bed.prefix).lanes[lane]
  const PolicyDocument = JSON.stringify(policy)
  await bed.clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument }))
  await lookAtQueue(bed, lane)
  if (lane === 'dead') await report(bed)
  else await deliver(bed, lane)
}

/** Lambda looks at the queue with the function's role. */
async function lookAtQueue({ clients, clock, prefix }: VirtualTestbed, lane: Lane): Promise<void> {
  const FunctionName = nameResources(prefix).lanes[lane].function
  const { EventSourceMappings: [mapping] = [] } = await clients.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  )
  await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, FunctionName }))
  await clock.settle()
}

/** A ticket whose first try fails, and a message that nobody can read. */
async function deliver(bed: VirtualTestbed, lane: Exclude<Lane, 'dead'>): Promise<void> {
  const { clock, teams, prefix } = bed
  const { queue } = nameResources(prefix).lanes[lane]
  const mend = await breakDestination(bed, lane)
  const answer = replyText(await teams.send({ title: 'T', priority: lane, description: 'D' }))
  const id = findTicketId(answer) ?? ''
  await clock.advance('5s')
  await mend()
  const isDelivered = async (): Promise<boolean> => (await recordOf(bed, id))?.state === 'delivered'
  expectThat(`${id} is delivered at its second try`, await comesTrue(bed, 50, isDelivered))
  expectThat('its message is gone', await comesTrue(bed, 5, () => isEmpty(bed, queue)))
  await send(bed, queue, '{"damaged":')
  expectThat('an admin is told of what cannot be read', await comesTrue(bed, 60, () => isTold(bed, 'unreadable')))
}

/** A ticket that died, and one that somebody is still at work at, for longer than its message stays hidden by itself. */
async function report(bed: VirtualTestbed): Promise<void> {
  const { clock, prefix } = bed
  const { queue } = nameResources(prefix).lanes.dead
  const [died, held] = [buildTicket('medium', 1), buildTicket('medium', 2)]
  const until = clock.now() + 400_000
  await bed.ledger.write(held.id, { ...BEGUN, id: held.id, source: held.source, claim: { by: 'one', until } }, 'absent')
  for (const ticket of [died, held]) await send(bed, queue, envelopeOf(ticket))
  expectThat('an admin is told of the death', await comesTrue(bed, 60, () => isTold(bed, died.id)))
  expectThat('the ledger knows it', (await recordOf(bed, died.id))?.state === 'dead')
  const isAlone = async (): Promise<boolean> => (await countOf(bed, queue)) === 1
  expectThat('its message is gone', await comesTrue(bed, 5, isAlone))
  await clock.advance(until - clock.now())
  expectThat('of the other when its claim ends', await comesTrue(bed, 10, () => isTold(bed, held.id)))
}

const BEGUN = {
  v: 1,
  life: 0,
  state: 'claimed',
  nonce: 'n',
  crashes: 0,
  firstClaimAt: 0,
  attempts: { count: 0, last: [] },
} as const

/** Lets the destination fail for a while; gives what ends that. */
async function breakDestination({ clients, faults, bucket: Bucket }: VirtualTestbed, lane: Exclude<Lane, 'dead'>) {
  if (lane !== 'low') {
    faults.add({ at: lane === 'medium' ? 'trello.*' : 'slack.*', kind: '429', times: 1 })
    return async () => faults.forget()
  }
  const { Policy: before } = await clients.s3.send(new GetBucketPolicyCommand({ Bucket }))
  const Resource = `arn:aws:s3:::${Bucket}/tickets/*`
  const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource }]
  await clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement }) }))
  return async () => void (await clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: before })))
}

async function send({ clients, queueUrls }: VirtualTestbed, queue: string, MessageBody: string): Promise<void> {
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrls[queue], MessageBody }))
}

/** Lets time pass until something is so; false when it is not after so many seconds. */
async function comesTrue({ clock }: VirtualTestbed, seconds: number, isSo: () => Promise<boolean>): Promise<boolean> {
  for (let passed = 0; passed < seconds; passed += 1) {
    if (await isSo()) return true
    await clock.advance('1s')
  }
  return isSo()
}

async function recordOf({ ledger }: VirtualTestbed, id: string): Promise<LedgerRecord | undefined> {
  const stored = await ledger.read(id)
  return stored.kind === 'found' ? stored.item : undefined
}

async function isEmpty(bed: VirtualTestbed, queue: string): Promise<boolean> {
  return (await countOf(bed, queue)) === 0
}

/** Messages of a queue, hidden ones too. */
async function countOf({ clients, queueUrls }: VirtualTestbed, queue: string): Promise<number> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrls[queue],
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  )
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)
}

/** Whether an admin was told of a letter whose key begins so. */
async function isTold({ clients, bucket, clock }: VirtualTestbed, key: string): Promise<boolean> {
  for await (const listed of listDeadLetters({ client: clients.s3, bucket, clock }))
    if (listed.kind === 'letter' && listed.key.startsWith(key)) return listed.letter.toldAt !== undefined
  return false
}
