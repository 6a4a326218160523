import { type ContextEntry, GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import {
  isNotAllowed,
  operatorPolicy,
  serverPolicy,
  type PolicyDocument,
  type PolicyScope,
  type Statement,
} from '@ticketing/stack'
import { type Finding, notChecked, ok, wrong } from './check.ts'
import type { Facts } from './facts.ts'

const POLICIES: Readonly<Record<Role, (scope: PolicyScope) => PolicyDocument>> = {
  operator: operatorPolicy,
  server: serverPolicy,
}

/** Whose permissions are looked at: the ones that `ticketing policy` prints for them. */
export type Role = 'operator' | 'server'

export function isRole(name: string): name is Role {
  return Object.hasOwn(POLICIES, name)
}

/**
 * Whether the caller may do all that the role's policy allows. IAM is asked what it would decide; where the caller may not
 * ask, what can be tried without changing anything is tried.
 */
export async function checkPermissions(facts: Facts, role: Role): Promise<readonly Finding[]> {
  const name = 'permissions'
  const { caller: findCaller, secret, region, secretId } = facts
  const caller = await findCaller()
  if (caller.arn.endsWith(':root')) return [ok(name, 'the root of the account may do everything; better use a role')]
  const { prefix, bucket } = await secret()
  const scope: PolicyScope = { prefix, bucket, region: await region(), accountId: caller.accountId, secretId }
  const policy = POLICIES[role](scope)
  const denied = (await simulate(facts, caller.arn, policy)) ?? undefined
  if (denied === undefined) return tryReads(facts, policy)
  const count = policy.Statement.flatMap(({ Action }) => Action).length
  if (denied.length === 0) return [ok(name, `${caller.arn} has the ${count} permissions of the ${role}`)]
  const { accountId } = scope
  const own = bucket === undefined ? '' : ` --bucket ${bucket}`
  return [
    wrong(
      name,
      `${caller.arn} may not: ${shorten(denied)}`,
      `Attach the policy that this prints: npx -y pnpm@12 ticketing policy ${role} --prefix ${prefix} --account ${accountId} --region ${scope.region}${own}`,
    ),
  ]
}

/** Names shown of what is denied. */
const SHOWN = 4

function shorten(denied: readonly string[]): string {
  const more = denied.length > SHOWN ? ` and ${denied.length - SHOWN} more` : ''
  return denied.slice(0, SHOWN).join(', ') + more
}

/** What IAM would deny; undefined where it cannot be asked. */
async function simulate(
  facts: Facts,
  callerArn: string,
  { Statement: statements }: PolicyDocument,
): Promise<readonly string[] | undefined> {
  try {
    const source = await principalOf(facts, callerArn)
    const denied = await Promise.all(statements.map((statement) => simulateStatement(facts, source, statement)))
    return denied.flat()
  } catch {
    // Not allowed, not known to an emulator, or a principal that IAM does not simulate: a federated user.
    return undefined
  }
}

async function simulateStatement(
  { clients: { iam } }: Facts,
  PolicySourceArn: string,
  { Action, Resource = ['*'], Condition = {} }: Statement,
): Promise<readonly string[]> {
  const denied: string[] = []
  let Marker: string | undefined
  do {
    const page = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        ActionNames: [...Action],
        ResourceArns: Resource.map(exampleOf),
        ContextEntries: contextOf(Condition),
        Marker,
      }),
    )
    for (const { EvalActionName, EvalResourceName, EvalDecision } of page.EvaluationResults ?? [])
      if (EvalDecision !== 'allowed') denied.push(`${EvalActionName} on ${EvalResourceName}`)
    Marker = page.IsTruncated ? page.Marker : undefined
  } while (Marker !== undefined)
  return denied
}

/** A session is of a role, and policies are the role's. */
async function principalOf({ clients: { iam } }: Facts, arn: string): Promise<string> {
  const [, partition, account, roleName] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? []
  if (roleName === undefined) return arn
  try {
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: roleName }))
    return role?.Arn ?? arn
  } catch {
    // It may not read itself: then its path is taken to be the usual one.
    return `arn:${partition}:iam::${account}:role/${roleName}`
  }
}

/** One resource that a pattern is about. */
function exampleOf(pattern: string): string {
  return pattern === '*'
    ? pattern
    : pattern.replace(/\?+$/, (open) => 'x'.repeat(open.length)).replaceAll('*', 'doctor')
}

/** The values under which the conditions of the statement hold. */
function contextOf(conditions: NonNullable<Statement['Condition']>): ContextEntry[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([ContextKeyName, value]) => {
      const [first = ''] = typeof value === 'string' ? [value] : value
      const isPresence = operator === 'Null'
      return {
        ContextKeyName,
        ContextKeyType: 'string' as const,
        ContextKeyValues: [isPresence ? '*' : first.replace(/\*$/, 'doctor')],
      }
    }),
  )
}

/** Reads an object that does not exist in each folder that the policy allows to read. */
async function tryReads(
  { clients: { s3 } }: Facts,
  { Statement: statements }: PolicyDocument,
): Promise<readonly Finding[]> {
  const name = 'permissions'
  const folders = statements.flatMap(({ Action, Resource = [] }) => (Action.includes('s3:GetObject') ? Resource : []))
  const denied = await Promise.all(
    folders.map(async (folder) => {
      const [, Bucket = '', Key = ''] = /:::([^/]+)\/(.*)\*$/.exec(folder) ?? []
      try {
        await s3.send(new GetObjectCommand({ Bucket, Key: `${Key}doctor` }))
        return []
      } catch (error) {
        return isNotAllowed(error) ? [`s3:GetObject on ${folder}`] : []
      }
    }),
  )
  const found = denied.flat()
  if (found.length > 0)
    return [wrong(name, `denied, as tried: ${shorten(found)}`, 'Attach the policy that "ticketing policy" prints')]
  return [
    notChecked(
      name,
      `reading was tried and is allowed; for the rest these credentials would need iam:SimulatePrincipalPolicy`,
    ),
  ]
}
