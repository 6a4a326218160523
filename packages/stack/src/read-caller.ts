import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { StackClients } from './clients.ts'
import { explainError } from './explain-error.ts'
import { type StackProblem, problemAsValue } from './resource.ts'
import type { Result } from 'ticket-core'

/** The identity behind the clients' credentials: a command shows it before it changes anything. */
export interface Caller {
  readonly accountId: string
  readonly arn: string
}

/** Asks STS for the caller's identity; says what to do when AWS does not accept the credentials. */
export function readCaller(clients: Pick<StackClients, 'sts'>): Promise<Result<Caller, StackProblem>> {
  return problemAsValue(() => findCaller(clients))
}

/** Like {@link readCaller}, but throws a `StackError`. */
export async function findCaller({ sts }: Pick<StackClients, 'sts'>): Promise<Caller> {
  try {
    const { Account: accountId = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}))
    return { accountId, arn }
  } catch (error) {
    throw explainError(error, { kind: 'account', name: 'of these credentials' })
  }
}
