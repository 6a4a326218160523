import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { StackClients } from './clients.ts'
import { explainError } from './explain-error.ts'

/** Whose credentials the clients have: what a command shows before it changes anything. */
export interface Caller {
  readonly accountId: string
  readonly arn: string
}

/** Asks STS who calls. Throws a `StackError` that says what to do when AWS does not take the credentials. */
export async function readCaller({ sts }: Pick<StackClients, 'sts'>): Promise<Caller> {
  try {
    const { Account: accountId = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}))
    return { accountId, arn }
  } catch (error) {
    throw explainError(error, { kind: 'account', name: 'of these credentials' })
  }
}
