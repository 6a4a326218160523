import {
  type IAMClient,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam'
import { unlessAbsent } from '../aws-errors.ts'
import { differentDocument } from '../compare.ts'
import type { DesiredBoundary } from '../desired/desired-stack.ts'
import { isNotAllowed } from '../explain-error.ts'
import type { Context, Kind, Work } from '../kind.ts'
import { type Change, type Resource, StackError } from '../resource.ts'
import { createArns } from '../desired/arns.ts'
import { isManaged } from '../desired/tags.ts'
import { type Removal, type RemovalContext, type RemovalOutcome, notManaged } from '../removal.ts'

export interface ObservedBoundary {
  readonly document: string
}

/** AWS keeps five versions of a policy. */
const MOST_VERSIONS = 5

/**
 * The permissions boundary of the functions' roles. An administrator may make and change it here; for an operator it has
 * to exist as described. Its tags are not compared: an administrator may have made it by hand.
 */
export const boundaryKind: Kind<DesiredBoundary, ObservedBoundary> = {
  resource: resourceOf,
  observe,
  compare,
  async execute(work, context) {
    try {
      await change(work, context)
    } catch (error) {
      throw isNotAllowed(error) ? askAdministrator(work, error) : error
    }
  },
}

function resourceOf({ name }: DesiredBoundary): Resource {
  return { kind: 'policy', name }
}

async function observe({ arn }: DesiredBoundary, { clients }: Context): Promise<ObservedBoundary | undefined> {
  const found = await unlessAbsent(() => clients.iam.send(new GetPolicyCommand({ PolicyArn: arn })))
  const VersionId = found?.Policy?.DefaultVersionId
  if (VersionId === undefined) return undefined
  const { PolicyVersion } = await clients.iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }))
  return { document: decodeURIComponent(PolicyVersion?.Document ?? '') }
}

function compare(desired: DesiredBoundary, observed: ObservedBoundary | undefined): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed) return { resource, action: 'create', differences: [] }
  const differences = differentDocument('document', observed.document, JSON.stringify(desired.document))
  return differences.length === 0 ? undefined : { resource, action: 'update', differences }
}

async function change(
  { desired, observed }: Work<DesiredBoundary, ObservedBoundary>,
  { clients: { iam } }: Context,
): Promise<void> {
  const { name: PolicyName, arn: PolicyArn, description: Description, tags } = desired
  const PolicyDocument = JSON.stringify(desired.document)
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  if (!observed) {
    await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument, Description, Tags }))
    return
  }
  await makeRoom(iam, PolicyArn)
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }))
}

/** Deletes the oldest version if AWS keeps no more. */
async function makeRoom(iam: IAMClient, PolicyArn: string): Promise<void> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))
  const oldest = Versions.findLast(({ IsDefaultVersion }) => !IsDefaultVersion)
  if (Versions.length < MOST_VERSIONS || !oldest) return
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.VersionId }))
}

function askAdministrator({ desired, observed }: Work<DesiredBoundary, ObservedBoundary>, cause: unknown): StackError {
  const { name, arn, printedBy } = desired
  const make = `aws iam create-policy --policy-name ${name} --policy-document file://boundary.json`
  const update = `aws iam create-policy-version --policy-arn ${arn} --policy-document file://boundary.json --set-as-default`
  return new StackError(
    {
      code: 'needs-administrator',
      resource: resourceOf(desired),
      problem: observed
        ? 'the permissions boundary of the functions differs from what it should be, and these credentials may not change it'
        : 'the permissions boundary of the functions is not there, and these credentials may not make it',
      todo: `Only an administrator of the account may, once: ${printedBy} > boundary.json; ${observed ? update : make}`,
    },
    cause,
  )
}

/** Deletes the permissions boundary if it has our tags; it stays where only an administrator may delete it. */
export const removeBoundary: Removal = async (name, context) => {
  const PolicyArn = createArns(context).policy(name)
  const { iam } = context.clients
  const found = await unlessAbsent(() => iam.send(new GetPolicyCommand({ PolicyArn })))
  if (!found?.Policy) return { kind: 'absent' }
  const tags = Object.fromEntries((found.Policy.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  if (!isManaged(tags, context.prefix)) return notManaged(tags)
  try {
    return await remove(PolicyArn, context)
  } catch (error) {
    if (!isNotAllowed(error)) throw error
    return { kind: 'left', why: 'needs-administrator', todo: `aws iam delete-policy --policy-arn ${PolicyArn}` }
  }
}

async function remove(PolicyArn: string, { clients: { iam } }: RemovalContext): Promise<RemovalOutcome> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))
  for (const { VersionId, IsDefaultVersion } of Versions) {
    if (!IsDefaultVersion) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
  }
  await unlessAbsent(() => iam.send(new DeletePolicyCommand({ PolicyArn })))
  return { kind: 'removed' }
}
