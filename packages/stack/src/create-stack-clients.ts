import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { STSClient } from '@aws-sdk/client-sts'
import { type AwsClientOptions, checkCredentials, createAwsClients, shareConfig } from 'ticket-adapters/aws'
import type { StackClients } from './clients.ts'

/** How the clients reach AWS. The SDK's own chains supply what is left out. */
export type StackClientOptions = AwsClientOptions

/** The SDK's default: no ticket waits here, and its pauses are short. */
const ATTEMPTS = 3

/**
 * Makes the seven clients that the stack needs like all our AWS clients: with time-outs, with credentials that are checked
 * first, and in the form that works with AWS and emulators.
 */
export function createStackClients(given: StackClientOptions = {}): StackClients {
  const options = { maxAttempts: ATTEMPTS, ...given }
  const config = shareConfig(options)
  return {
    ...createAwsClients(options),
    lambda: checkCredentials(new LambdaClient(config), options),
    iam: checkCredentials(new IAMClient(config), options),
    sts: checkCredentials(new STSClient(config), options),
    eventBridge: checkCredentials(new EventBridgeClient(config), options),
  }
}
