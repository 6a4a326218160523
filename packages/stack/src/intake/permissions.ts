import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import { differentDocument, sameDocument } from '../compare.ts'
import type { DesiredPermission } from '../desired/desired-stack.ts'
import type { Context } from '../kind.ts'
import type { Change, Difference } from '../resource.ts'

/** The statements of a function's own policy, by their ids. */
export type ObservedPermissions = ReadonlyMap<string, Readonly<Record<string, unknown>>>

export async function observePermissions(FunctionName: string, { clients }: Context): Promise<ObservedPermissions> {
  const found = await unlessAbsent(() => clients.lambda.send(new GetPolicyCommand({ FunctionName })))
  const policy: unknown = JSON.parse(found?.Policy ?? '{}')
  const statements = asRecord(policy)['Statement']
  if (!Array.isArray(statements)) return new Map()
  return new Map(statements.map((statement: unknown) => [String(asRecord(statement)['Sid']), asRecord(statement)]))
}

export function differentPermission(
  wanted: DesiredPermission,
  { observed, context }: { readonly observed: ObservedPermissions; readonly context: Context },
): readonly Difference[] {
  const to = JSON.stringify(formOf(statementOf(wanted), context))
  // CloudFormation chooses the ids of statements.
  const forms = [...observed].map(([sid, statement]) => [sid, JSON.stringify(formOf(statement, context))] as const)
  if (forms.some(([, form]) => sameDocument(form, to))) return []
  return differentDocument(wanted.field, new Map(forms).get(wanted.sid), to)
}

const OPEN = 'a statement that lets everyone in: '

/** The statements of others than `wanted` that let everyone in: each is a difference, to be removed. */
export function findOpenStatements(
  wanted: readonly DesiredPermission[],
  { observed, context }: { readonly observed: ObservedPermissions; readonly context: Context },
): readonly Difference[] {
  const forms = wanted.map((each) => ({ sid: each.sid, form: JSON.stringify(formOf(statementOf(each), context)) }))
  return [...observed].flatMap(([sid, statement]) => {
    const { Effect, Principal } = statement
    if (Effect !== 'Allow' || (Principal !== '*' && asRecord(Principal)['AWS'] !== '*')) return []
    const from = JSON.stringify(formOf(statement, context))
    // One of another id counts as ours only where ours is not there: CloudFormation chooses the ids.
    const isWanted = forms.some(
      (each) => sameDocument(each.form, from) && (each.sid === sid || !observed.has(each.sid)),
    )
    return isWanted ? [] : [{ field: `${OPEN}${sid}`, from, to: 'none' }]
  })
}

/** Removes the statements of {@link findOpenStatements} that the change names. */
export async function removeOpenStatements(
  FunctionName: string,
  { change, context }: { readonly change: Change; readonly context: Context },
): Promise<void> {
  const sids = change.differences.flatMap(({ field }) => (field.startsWith(OPEN) ? [field.slice(OPEN.length)] : []))
  for (const StatementId of sids)
    await unlessAbsent(() => context.clients.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId })))
}

/** Adds the permission where the change names it, in place of what was there. */
export async function putPermission(
  wanted: DesiredPermission,
  {
    functionName,
    observed,
    change,
    context,
  }: {
    readonly functionName: string
    readonly observed: ObservedPermissions
    readonly change: Change
    readonly context: Context
  },
): Promise<void> {
  const { sid, field, action, principal, functionUrlAuthType, invokedViaFunctionUrl, sourceArn } = wanted
  if (change.action === 'update' && change.differences.every((difference) => difference.field !== field)) return
  const { lambda } = context.clients
  const FunctionName = functionName
  if (observed.has(sid))
    await unlessAbsent(() => lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: sid })))
  await lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: sid,
      Action: action,
      Principal: principal,
      FunctionUrlAuthType: functionUrlAuthType,
      InvokedViaFunctionUrl: invokedViaFunctionUrl,
      SourceArn: sourceArn,
    }),
  )
}

/** The statement that Lambda makes of it. */
function statementOf({
  action,
  principal,
  functionUrlAuthType,
  invokedViaFunctionUrl,
  sourceArn,
}: DesiredPermission): Readonly<Record<string, unknown>> {
  return {
    Action: action,
    Principal: principal === '*' ? principal : { Service: principal },
    Condition: {
      ...(functionUrlAuthType && { StringEquals: { 'lambda:FunctionUrlAuthType': functionUrlAuthType } }),
      ...(invokedViaFunctionUrl && { Bool: { [BY_URL]: 'true' } }),
      ...(sourceArn !== undefined && { ArnLike: { 'aws:sourcearn': sourceArn } }),
    },
  }
}

const BY_URL = 'lambda:InvokedViaFunctionUrl'

/**
 * One form for equal statements: AWS writes `AWS:SourceArn`. An emulator older than the key {@link BY_URL} leaves it out;
 * on AWS its absence would let every account invoke the function.
 */
function formOf({ Action, Principal, Condition }: Readonly<Record<string, unknown>>, { clients }: Context): object {
  const isEmulator = clients.lambda.config.isCustomEndpoint === true
  const conditions = Object.values(asRecord(Condition)).flatMap((keys) => Object.entries(asRecord(keys)))
  return {
    Action,
    Principal,
    Condition: Object.fromEntries(
      conditions
        .filter(([key]) => !(isEmulator && key === BY_URL))
        .map(([key, value]) => [key.toLowerCase(), value] as const),
    ),
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
