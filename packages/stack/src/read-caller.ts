import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { StackClients } from './clients.ts'
import { explainError } from './explain-error.ts'
import type { StackProblem } from './resource.ts'
import type { Result } from 'ticket-core'
import { problemAsValue } from './resource.ts'

/** Whose credentials the clients have: what a command shows before it changes anything. */
export interface Caller {
  readonly accountId: string
  readonly arn: string
}

/** Asks STS who calls; says what to do when AWS does not take the credentials. */
export function readCaller(clients: Pick<StackClients, 'sts'>): Promise<Result<Caller, StackProblem>> {
  return problemAsValue(() => findCaller(clients))
}

/** As {@link readCaller}, for use inside other steps: throws a `StackError`. */
export async function findCaller({ sts }: Pick<StackClients, 'sts'>): Promise<Caller> {
  try {
    const { Account: accountId = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}))
    return { accountId, arn }
  } catch (error) {
    throw explainError(error, { kind: 'account', name: 'of these credentials' })
  }
}
