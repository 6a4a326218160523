import { type FunctionConfiguration, GetFunctionCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import { APP, type Tags } from '../desired/tags.ts'
import { isNotAllowed } from '../explain-error.ts'
import type { Context } from '../kind.ts'
import { waitUntilSettled } from './settle-function.ts'

/** A function as Lambda reports it. The names of its settings are the field names of differences. */
export interface ObservedFunction {
  readonly settings: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  /** Published versions of the older system: its code has secrets written into it. */
  readonly olderVersions: readonly string[]
  readonly tags: Tags
}

/** The function as it is now, after Lambda has finished its last change (perhaps of another caller). */
export async function observeFunction(name: string, context: Context): Promise<ObservedFunction | undefined> {
  const { lambda } = context.clients
  const found = await unlessAbsent(() => lambda.send(new GetFunctionCommand({ FunctionName: name })))
  if (!found?.Configuration) return undefined
  const is = await waitUntilSettled(name, context, found.Configuration)
  return {
    settings: {
      // A function that Lambda failed to create gets its code again.
      code: is.State === 'Failed' ? '' : (is.CodeSha256 ?? ''),
      architecture: is.Architectures?.join() ?? '',
      runtime: is.Runtime ?? '',
      handler: is.Handler ?? '',
      role: is.Role ?? '',
      timeout: String(is.Timeout),
      memory: String(is.MemorySize),
      description: is.Description ?? '',
      'reserved concurrency': String(found.Concurrency?.ReservedConcurrentExecutions ?? 'none'),
    },
    environment: is.Environment?.Variables ?? {},
    olderVersions: found.Tags?.['app'] === APP ? [] : await findOlderVersions(is, context),
    tags: found.Tags ?? {},
  }
}

/** The handler of all functions of the older system, and of none of ours. */
const OLDER_HANDLER = 'lambda_function.lambda_handler'

async function findOlderVersions(
  { FunctionName, Handler: handler }: FunctionConfiguration,
  { clients }: Context,
): Promise<readonly string[]> {
  try {
    const { Versions = [] } = await clients.lambda.send(new ListVersionsByFunctionCommand({ FunctionName }))
    return Versions.flatMap(({ Version, Handler }) =>
      Version !== undefined && Version !== '$LATEST' && Handler === OLDER_HANDLER ? [Version] : [],
    )
  } catch (error) {
    // An operator may not, and takes nothing over: a function of ours may have lost its tags.
    if (handler !== OLDER_HANDLER && isNotAllowed(error)) return []
    throw error
  }
}
