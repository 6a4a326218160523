import { type SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import type { Clock } from 'ticket-core'
import { type AwsFailure, isThrottled, readAwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'
import type { OutgoingMessage } from './message.ts'

/**
 * The answer of SQS for one entry. `again`: certainly not queued, retry. `refused`: SQS will never take it. `unclear`: it
 * may be queued; retry, because a second message of one ticket does no harm.
 */
export type EntryAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'again' | 'refused' | 'unclear'; readonly name: string }

/**
 * Sends up to ten messages in one call and answers one by one, in the order given. The port that a faster signed
 * transport can take over; it never rejects.
 */
export type SendBatch = (messages: readonly OutgoingMessage[], deadline: number) => Promise<readonly EntryAnswer[]>

/** {@link SendBatch} by the AWS SDK. */
export function createSendBatch(client: SQSClient, queueUrl: string, clock: Clock): SendBatch {
  return async (messages, deadline) => {
    const command = new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: messages.map(({ body, attributes, delaySeconds }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageAttributes: attributes,
        ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
      })),
    })
    const sent = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
    if (sent.kind !== 'done') {
      const answer = readFailedCall(readAwsFailure(sent))
      return messages.map(() => answer)
    }
    const answers = new Map<string | undefined, EntryAnswer>()
    for (const { Id } of sent.value.Successful ?? []) answers.set(Id, { kind: 'accepted' })
    for (const { Id, SenderFault, Code } of sent.value.Failed ?? []) {
      const name = Code ?? 'no-code'
      answers.set(Id, { kind: SenderFault === true && !isThrottled({ name }) ? 'refused' : 'again', name })
    }
    return messages.map((_, index) => answers.get(String(index)) ?? { kind: 'unclear', name: 'EntryNotAnswered' })
  }
}

function readFailedCall(failure: AwsFailure): EntryAnswer {
  switch (failure.kind) {
    case 'refused':
      return { kind: failure.throttled ? 'again' : 'refused', name: failure.name }
    case 'not-sent':
      return { kind: 'again', name: failure.name }
    case 'no-answer':
      return { kind: 'unclear', name: failure.name }
  }
}
