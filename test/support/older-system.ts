import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateEventSourceMappingCommand, CreateFunctionCommand, type Runtime } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import type { StackClients } from '@ticketing/stack'
import { strToU8, zipSync } from 'fflate'

/** What its code has written into it. */
interface OlderSecret {
  readonly TRELLO_API_KEY: string
  readonly TRELLO_API_TOKEN: string
  readonly SLACK_URL: string
}

export interface OlderSystem {
  readonly prefix: string
  readonly region: string
  readonly accountId: string
  readonly secret: OlderSecret
  /** The embedded cloud runs no Python: a test that needs its functions to be there names another runtime. */
  readonly runtime: Runtime
}

const ROLE_TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}
const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

/**
 * Deploys the older Flask system as its own code of October 2024 does: no tags, default attributes, three receives until
 * the dead-letter queue, two managed policies for the lowest priority and one for each other, Python functions with
 * secrets written into their code and a published version each.
 */
export async function deployOlderSystem(clients: StackClients, system: OlderSystem): Promise<void> {
  const { sqs, s3, iam, lambda } = clients
  const { prefix, region, accountId, secret, runtime } = system
  await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-DLQ` }))
  const deadLetterTargetArn = `arn:aws:sqs:${region}:${accountId}:${prefix}-DLQ`
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '3' })
  for (const stem of STEMS)
    await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-${stem}`, Attributes: { RedrivePolicy } }))
  const Bucket = `${prefix}-bucket`
  // It names a location always, which S3 refuses in us-east-1: it was never there.
  const where =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: 'eu-west-2' as const } }
  await s3.send(new CreateBucketCommand({ Bucket, ...where }))
  const Body = JSON.stringify({ Title: 'Delivered long ago', Description: 'By the older system.' })
  await s3.send(new PutObjectCommand({ Bucket, Key: '2024-10-10 09-30-00 - Delivered long ago.json', Body }))

  const makePolicy = async (name: string, Action: readonly string[], Resource: string): Promise<string> => {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] })
    const made = await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument }))
    return made.Policy?.Arn ?? ''
  }
  for (const stem of STEMS) {
    const queueArn = `arn:aws:sqs:${region}:${accountId}:${prefix}-${stem}`
    const policies = [await makePolicy(`${prefix}-${stem}-Policy`, QUEUE_ACTIONS, queueArn)]
    if (stem === 'LP')
      policies.push(await makePolicy(`${prefix}-LP-Policy-s3`, ['s3:PutObject'], `arn:aws:s3:::${Bucket}/*`))
    const RoleName = `${prefix}-${stem}-Role`
    const role = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(ROLE_TRUST) }),
    )
    for (const PolicyArn of policies) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: `${prefix}-${stem}`,
        Runtime: runtime,
        Role: role.Role?.Arn,
        Handler: 'lambda_function.lambda_handler',
        Code: { ZipFile: zipSync({ 'lambda_function.py': strToU8(codeOf(secret)) }) },
        Timeout: 30,
        MemorySize: 128,
        Publish: true,
      }),
    )
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: queueArn,
        FunctionName: `${prefix}-${stem}`,
        BatchSize: 10,
      }),
    )
  }
}

const STEMS = ['LP', 'MP', 'HP'] as const

function codeOf({ TRELLO_API_KEY, TRELLO_API_TOKEN, SLACK_URL }: OlderSecret): string {
  return `key = "${TRELLO_API_KEY}"\ntoken = "${TRELLO_API_TOKEN}"\nurl = "${SLACK_URL}"\n`
}

export const OLDER_PRIORITIES = { Low: 'LP', Medium: 'MP', High: 'HP' } as const

/** Sends a ticket as the older system's server does: ten seconds delayed. */
export async function sendOlderTicket(
  { sqs }: StackClients,
  { queueUrl, title, priority }: { queueUrl: string; title: string; priority: keyof typeof OLDER_PRIORITIES },
): Promise<void> {
  // As `json.dumps` writes it.
  const MessageBody = `{"Title": ${JSON.stringify(title)}, "Description": "From Flask.", "Priority": "${priority}"}`
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds: 10 }))
}
