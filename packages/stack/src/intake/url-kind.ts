import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import { different, touches, updateOf } from '../compare.ts'
import type { DesiredUrl } from '../desired/desired-stack.ts'
import { isManaged } from '../desired/tags.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Resource } from '../resource.ts'
import { type Removal, notManaged } from '../removal.ts'
import {
  type ObservedPermissions,
  differentPermission,
  findOpenStatements,
  observePermissions,
  putPermission,
  removeOpenStatements,
} from './permissions.ts'

export interface ObservedUrl {
  /** Absent where there are only permissions yet. */
  readonly authType: string | undefined
  readonly permissions: ObservedPermissions
}

/** Function URLs, with the permissions to call them. They have no tags: they go with their function. */
export const urlKind: Kind<DesiredUrl, ObservedUrl> = { resource: resourceOf, observe, compare, execute }

function resourceOf({ name }: DesiredUrl): Resource {
  return { kind: 'url', name }
}

async function observe({ name }: DesiredUrl, context: Context): Promise<ObservedUrl | undefined> {
  const { lambda } = context.clients
  const [found, permissions] = await Promise.all([
    unlessAbsent(() => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: name }))),
    observePermissions(name, context),
  ])
  if (found?.FunctionUrl !== undefined) context.functionUrls.set(name, found.FunctionUrl)
  if (!found && permissions.size === 0) return undefined
  return { authType: found?.AuthType, permissions }
}

function compare(desired: DesiredUrl, observed: ObservedUrl | undefined, context: Context): Change | undefined {
  const resource = resourceOf(desired)
  if (observed?.authType === undefined) return { resource, action: 'create', differences: [] }
  const differences = [
    ...different('authentication', observed.authType, desired.authType),
    ...desired.permissions.flatMap((permission) =>
      differentPermission(permission, { observed: observed.permissions, context }),
    ),
    ...findOpenStatements(desired.permissions, { observed: observed.permissions, context }),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: desired.tags })
}

async function execute({ desired, observed, change }: Work<DesiredUrl, ObservedUrl>, context: Context): Promise<void> {
  const { name, authType: AuthType, permissions } = desired
  const { lambda } = context.clients
  // Permissions first: the address answers from its first request on.
  for (const permission of permissions)
    await putPermission(permission, {
      functionName: name,
      observed: observed?.permissions ?? new Map(),
      change,
      context,
    })
  await removeOpenStatements(name, { change, context })
  const url = { FunctionName: name, AuthType }
  if (change.action === 'create') {
    const { FunctionUrl = '' } = await lambda.send(new CreateFunctionUrlConfigCommand(url))
    context.functionUrls.set(name, FunctionUrl)
  } else if (touches(change, 'authentication')) await lambda.send(new UpdateFunctionUrlConfigCommand(url))
}

/** Deletes the address if its function has our tags. */
export const removeUrl: Removal = async (name, { clients: { lambda }, prefix }) => {
  const found = await unlessAbsent(() => lambda.send(new GetFunctionCommand({ FunctionName: name })))
  const url = found && (await unlessAbsent(() => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: name }))))
  if (!url) return { kind: 'absent' }
  if (!isManaged(found.Tags, prefix)) return notManaged(found.Tags)
  await unlessAbsent(() => lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: name })))
  return { kind: 'removed' }
}
