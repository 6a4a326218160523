import { randomUUID } from 'node:crypto'
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { StackClientOptions } from '@ticketing/stack'
import { createAwsClients } from 'ticket-adapters/aws'
import { OBSERVER_KEY } from '../faults/intercept-aws.ts'
import type { HideMessage } from '../faults/receive-faults.ts'
import { withoutWire } from './without-wire.ts'

/**
 * Credentials that are new in this process. For known ones the SDK takes fewer steps: then the same seed would not give
 * the same run. The embedded cloud does not check the secret.
 */
export function ownCredentials(accessKeyId: string): NonNullable<StackClientOptions['credentials']> {
  return { accessKeyId, secretAccessKey: randomUUID() }
}

/** Client options of the testbed itself: the account's root user, whose calls no fault hits. */
export function observerOf(address: Omit<StackClientOptions, 'credentials'>): StackClientOptions {
  return { ...address, credentials: ownCredentials(OBSERVER_KEY) }
}

/** Hides received messages with SQS's own operation. `reach` is called late: the address may not be known yet. */
export function createMessageHider(reach: () => StackClientOptions): HideMessage {
  let sqs: SQSClient | undefined
  return async ({ queueUrl, receiptHandle, seconds }) => {
    sqs ??= withoutWire(createAwsClients(reach())).sqs
    const hide = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }
    await sqs.send(new ChangeMessageVisibilityCommand(hide))
  }
}
