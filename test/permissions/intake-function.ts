import {
  AddPermissionCommand,
  DeleteFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda'
import type { StackClients } from '@ticketing/stack'
import { nameResources } from 'ticket-core'
import { SCOPE } from './account.ts'

const { intake } = nameResources(SCOPE.prefix)
const FunctionName = intake.function

/** Changes by hand what belongs to line 1 as a function. */
export async function changeIntakeByHand({ lambda }: StackClients): Promise<void> {
  await lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' }))
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
  const StatementId = 'CallUrl'
  await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }))
  const permission = { StatementId, Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' }
  await lambda.send(new AddPermissionCommand({ FunctionName, ...permission }))
}
