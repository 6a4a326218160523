import {
  CreateFunctionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import type { DesiredFunction } from '../desired/desired-stack.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change } from '../resource.ts'
import { touches } from '../compare.ts'
import { compareFunction } from './compare-function.ts'
import { type ObservedFunction, observeFunction } from './observe-function.ts'
import { settleFunction } from './settle-function.ts'

/** Functions: code and settings are changed one after the other, each awaited; the digest tag comes last. */
export const functionKind: Kind<DesiredFunction, ObservedFunction> = {
  resource: ({ name }) => ({ kind: 'function', name }),
  observe: ({ name }, context) => observeFunction(name, context),
  compare: compareFunction,
  execute,
}

async function execute(
  { desired, observed, change }: Work<DesiredFunction, ObservedFunction>,
  context: Context,
): Promise<void> {
  if (!observed) return createFunction(desired, context)
  if (changesCode(change)) await updateCode(desired, context)
  if (changesSettings(change)) await updateSettings(desired, context)
  if (touches(change, 'tag ')) {
    await context.clients.lambda.send(new TagResourceCommand({ Resource: desired.arn, Tags: desired.tags }))
  }
}

function changesCode(change: Change): boolean {
  return touches(change, 'code') || touches(change, 'architecture')
}

function changesSettings(change: Change): boolean {
  return change.differences.some(({ field }) => !/^(code|architecture|tag .*)$/.test(field))
}

async function createFunction(desired: DesiredFunction, context: Context): Promise<void> {
  const made = await context.clients.lambda.send(
    new CreateFunctionCommand({
      ...settingsOf(desired, context),
      Architectures: [desired.architecture],
      Code: { ZipFile: desired.zip },
      PackageType: 'Zip',
      Tags: desired.tags,
    }),
  )
  await settleFunction(desired.name, context, made)
}

async function updateCode({ name, architecture, zip }: DesiredFunction, context: Context): Promise<void> {
  const changed = await context.clients.lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: name, Architectures: [architecture], ZipFile: zip }),
  )
  await settleFunction(name, context, changed)
}

async function updateSettings(desired: DesiredFunction, context: Context): Promise<void> {
  const changed = await context.clients.lambda.send(
    new UpdateFunctionConfigurationCommand(settingsOf(desired, context)),
  )
  await settleFunction(desired.name, context, changed)
}

/** What `CreateFunction` and `UpdateFunctionConfiguration` have in common. */
function settingsOf(desired: DesiredFunction, { queueUrls }: Context) {
  const Variables = Object.fromEntries(
    Object.entries(desired.environment).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (queueUrls.get(value.urlOfQueue) ?? ''),
    ]),
  )
  return {
    FunctionName: desired.name,
    Role: desired.roleArn,
    Runtime: desired.runtime,
    Handler: desired.handler,
    Description: desired.description,
    Timeout: desired.timeoutSeconds,
    MemorySize: desired.memoryMegabytes,
    Environment: { Variables },
  }
}
