import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import type { DesiredFunction, EnvironmentValue } from '../desired/desired-stack.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Difference } from '../resource.ts'
import { different, touches, updateOf } from '../compare.ts'
import { type ObservedFunction, observeFunction } from './observe-function.ts'
import { setConcurrency } from './set-concurrency.ts'
import { settleFunction } from './settle-function.ts'
import { unlessAbsent } from '../aws-errors.ts'
import { isManaged } from '../desired/tags.ts'
import { type Removal, notManaged } from '../removal.ts'

/**
 * Functions: code and settings are changed one after the other, each awaited; published versions of the older system are
 * deleted; the digest tag comes last.
 */
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
  // Lambda takes no code for a runtime that it has retired: such as the older system's, which is changed first.
  const steps = touches(change, 'runtime') ? [updateSettings, updateCode] : [updateCode, updateSettings]
  for (const step of steps)
    if (step === updateCode ? changesCode(change) : changesSettings(change)) await step(desired, context)
  for (const Qualifier of observed.olderVersions)
    await unlessAbsent(() =>
      context.clients.lambda.send(new DeleteFunctionCommand({ FunctionName: desired.name, Qualifier })),
    )
  if (touches(change, 'reserved concurrency')) await setConcurrency(desired, context)
  if (touches(change, 'tag ')) {
    await context.clients.lambda.send(new TagResourceCommand({ Resource: desired.arn, Tags: desired.tags }))
  }
}

function changesCode(change: Change): boolean {
  return touches(change, 'code') || touches(change, 'architecture')
}

function changesSettings(change: Change): boolean {
  return change.differences.some(
    ({ field }) => !/^(code|architecture|version .*|reserved concurrency|tag .*)$/.test(field),
  )
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
  await setConcurrency(desired, context)
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

/** What has to change at a function. Fields are `code`, `architecture`, …, `environment NAME` and `tag NAME`. */
function compareFunction(desired: DesiredFunction, observed: ObservedFunction | undefined): Change | undefined {
  const resource = { kind: 'function', name: desired.name } as const
  if (!observed) return { resource, action: 'create', differences: [] }
  const wanted = {
    code: desired.codeSha256,
    architecture: desired.architecture,
    runtime: desired.runtime,
    handler: desired.handler,
    role: desired.roleArn,
    timeout: String(desired.timeoutSeconds),
    memory: String(desired.memoryMegabytes),
    description: desired.description,
    ...(desired.reservedConcurrency !== undefined && { 'reserved concurrency': String(desired.reservedConcurrency) }),
  }
  const differences = [
    ...Object.entries(wanted).flatMap(([field, to]) => different(field, observed.settings[field], to)),
    ...differentEnvironment(desired.environment, observed.environment),
    ...observed.olderVersions.map((version) => ({ field: `version ${version}`, from: '(published)', to: '(removed)' })),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: observed.tags })
}

function differentEnvironment(
  desired: Readonly<Record<string, EnvironmentValue>>,
  observed: Readonly<Record<string, string>>,
): readonly Difference[] {
  const wrong = Object.entries(desired).flatMap(([name, value]) => {
    const field = `environment ${name}`
    const is = observed[name]
    if (typeof value === 'string') return different(field, is, value)
    return namesQueue(is, value.urlOfQueue) ? [] : different(field, is, `URL of queue ${value.urlOfQueue}`)
  })
  const tooMany = Object.keys(observed).filter((name) => !(name in desired))
  return [...wrong, ...tooMany.map((name) => ({ field: `environment ${name}`, from: '(set)', to: '(not set)' }))]
}

/** Emulators put the caller's host into a queue's URL, so two callers see two URLs: only the name is compared. */
function namesQueue(url: string | undefined, queueName: string): boolean {
  return url?.split('/').at(-1) === queueName
}

/** Deletes the function if it has our tags. Its log group stays, as its history. */
export const removeFunction: Removal = async (name, { clients, prefix }) => {
  const found = await unlessAbsent(() => clients.lambda.send(new GetFunctionCommand({ FunctionName: name })))
  if (!found) return { kind: 'absent' }
  if (!isManaged(found.Tags, prefix)) return notManaged(found.Tags)
  await unlessAbsent(() => clients.lambda.send(new DeleteFunctionCommand({ FunctionName: name })))
  return { kind: 'removed' }
}
