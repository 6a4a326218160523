import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { GetFunctionCommand } from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import type { Tags } from '../desired/tags.ts'
import type { Context } from '../kind.ts'

/** A function as Lambda reports it; the names of settings are those that differences are shown by. */
export interface ObservedFunction {
  readonly settings: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly tags: Tags
  /** False while Lambda is still making or changing it: nothing else may be changed then. */
  readonly settled: boolean
}

/** What the function is now. */
export async function observeFunction(name: string, { clients }: Context): Promise<ObservedFunction | undefined> {
  const found = await unlessAbsent(() => clients.lambda.send(new GetFunctionCommand({ FunctionName: name })))
  if (!found?.Configuration) return undefined
  const { Configuration: is, Tags: tags = {} } = found
  return {
    settings: {
      code: is.CodeSha256 ?? '',
      architecture: is.Architectures?.join() ?? '',
      runtime: is.Runtime ?? '',
      handler: is.Handler ?? '',
      role: is.Role ?? '',
      timeout: String(is.Timeout),
      memory: String(is.MemorySize),
      description: is.Description ?? '',
    },
    environment: is.Environment?.Variables ?? {},
    tags,
    settled: isSettled(is),
  }
}

/** Whether Lambda is done with the last thing it was told. An emulator that leaves these members out is. */
export function isSettled({ State, LastUpdateStatus }: FunctionConfiguration): boolean {
  return State !== 'Pending' && LastUpdateStatus !== 'InProgress'
}
