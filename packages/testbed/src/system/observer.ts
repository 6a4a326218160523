import { randomUUID } from 'node:crypto'
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { StackClientOptions } from '@ticketing/stack'
import { createSqsClient } from 'ticket-adapters/aws'
import { OBSERVER_KEY } from '../faults/intercept-aws.ts'
import type { HideMessage } from '../faults/receive-faults.ts'

/**
 * Credentials that are new to this process: with known ones the SDK takes fewer steps, and a testbed would not repeat
 * what its seed says. Nobody checks the secret.
 */
export function ownCredentials(accessKeyId: string): NonNullable<StackClientOptions['credentials']> {
  return { accessKeyId, secretAccessKey: randomUUID() }
}

/** Client options of the testbed itself: the account's root, and no fault stands in its way. */
export function observerOf(address: Omit<StackClientOptions, 'credentials'>): StackClientOptions {
  return { ...address, credentials: ownCredentials(OBSERVER_KEY) }
}

/** Hides received messages by SQS's own means. The address may be known only later. */
export function createMessageHider(reach: () => StackClientOptions): HideMessage {
  let sqs: SQSClient | undefined
  return async ({ queueUrl, receiptHandle, seconds }) => {
    sqs ??= createSqsClient(reach())
    const hide = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }
    await sqs.send(new ChangeMessageVisibilityCommand(hide))
  }
}
