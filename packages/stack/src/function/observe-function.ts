import { GetFunctionCommand } from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import type { Tags } from '../desired/tags.ts'
import type { Context } from '../kind.ts'
import { waitUntilSettled } from './settle-function.ts'

/** A function as Lambda reports it. The names of its settings are the field names of differences. */
export interface ObservedFunction {
  readonly settings: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
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
    },
    environment: is.Environment?.Variables ?? {},
    tags: found.Tags ?? {},
  }
}
