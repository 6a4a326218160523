import { openIamTables } from '../services/iam/iam-tables.ts'
import { openLambdaTables } from '../services/lambda/lambda-tables.ts'
import { openS3Tables } from '../services/s3/s3-tables.ts'
import { openSecretsTables } from '../services/secrets-manager/secrets-tables.ts'
import { createSqsTables } from '../services/sqs/sqs-tables.ts'
import type { Call } from '../service.ts'
import { type Sql, sqlOf } from '../sql.ts'
import type { Store } from '../store.ts'
import { type Denial, type Policies, decide } from './decide.ts'
import { findIdentityPolicies } from './identity-policies.ts'
import type { RequiredPermission } from './required-permission.ts'
import { readPolicy } from './read-policy.ts'
import { requestKeys } from './request-keys.ts'
import { findResourcePolicy } from './resource-policies.ts'
import type { Statement } from './statement.ts'

/** Opens every service's tables, because each of them stores policies. */
export function openPolicies(store: Store): Sql {
  createSqsTables(store)
  openS3Tables(store)
  openSecretsTables(store)
  openIamTables(store)
  openLambdaTables(store)
  return sqlOf(store)
}

export interface AccessQuestion {
  readonly sql: Sql
  readonly call: Pick<Call, 'caller' | 'region' | 'from'>
  readonly permission: RequiredPermission
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Evaluates all policies that apply to a call; undefined if it is allowed. */
export function evaluateAccess({ sql, call, permission, now }: AccessQuestion): Denial | undefined {
  const { caller } = call
  const { roleName } = caller
  const found = roleName === undefined ? undefined : findIdentityPolicies(sql, { ...caller, roleName })
  const own = findResourcePolicy(sql, permission.resource)
  const policies: Policies = {
    identity: found && readAll(found.identity),
    boundary: found?.boundary && readAll(found.boundary),
    session: found?.session && readAll(found.session),
    // A trust policy controls who assumes the role, not who changes it.
    resource:
      own === undefined || (permission.resource.startsWith('arn:aws:iam:') && !permission.byResource)
        ? []
        : readAll([own]),
    resourceMustAllow: permission.byResource === true || caller.anonymous === true,
  }
  const request = {
    action: permission.action,
    resource: permission.resource,
    valuesOf: requestKeys({ call, permission, role: found?.role, sql, now }),
  }
  // An anonymous caller belongs to no account, so that statements for the account do not match it.
  const principal = caller.anonymous ? { ...caller, accountId: '' } : caller
  return decide(policies, request, { ...principal, roleArn: found?.role?.arn })
}

const DENY_ALL: readonly Statement[] = [
  {
    effect: 'Deny',
    actions: { negated: false, patterns: ['*'] },
    resources: undefined,
    principals: undefined,
    conditions: [],
  },
]

/** Policies are validated when they are stored. One that cannot be read denies everything; it is not skipped. */
export function readAll(documents: readonly string[]): readonly Statement[] {
  return documents.flatMap((document) => {
    const read = readPolicy(document)
    return read.ok ? read.statements : DENY_ALL
  })
}
