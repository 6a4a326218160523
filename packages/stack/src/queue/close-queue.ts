import {
  type SQSClient,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { LANES, type StackNames } from 'ticket-core'
import { unlessAbsent } from '../aws-errors.ts'
import type { Arns } from '../desired/arns.ts'
import { isManaged } from '../desired/tags.ts'
import { denyPlainHttp } from '../policy/deny-plain-http.ts'
import { policyOf } from '../policy/policy-document.ts'

/**
 * Lets only the stack's own functions send to the queue: a server that still runs gets a refusal, and says so to
 * the person who wrote. Without it a ticket could be accepted between the last look at the queue and its deletion. An
 * apply opens the queue again, as the policy differs then.
 */
export async function closeQueue(
  sqs: SQSClient,
  {
    name,
    prefix,
    names,
    arns,
  }: { readonly name: string; readonly prefix: string; readonly names: StackNames; readonly arns: Arns },
): Promise<void> {
  const found = await unlessAbsent(() => sqs.send(new GetQueueUrlCommand({ QueueName: name })))
  const QueueUrl = found?.QueueUrl
  if (QueueUrl === undefined) return
  const { Tags: tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
  if (!isManaged(tags, prefix)) return
  const arn = arns.queue(name)
  const Policy = policyOf(...denyPlainHttp('sqs', [arn]).Statement, {
    Sid: 'Closed',
    Effect: 'Deny',
    Principal: '*',
    Action: ['sqs:SendMessage'],
    Resource: [arn],
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': LANES.map((lane) => arns.role(names.lanes[lane].role)) } },
  })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(Policy) } }))
}
