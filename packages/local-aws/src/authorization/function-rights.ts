import type { Clock } from '../clock.ts'
import { findRoleByArn } from '../services/iam/role-record.ts'
import { createCallerResolver } from '../services/sts/resolve-caller.ts'
import type { CloudRequest } from '../http.ts'
import { readOrigin } from '../read-origin.ts'
import { type Caller, AwsError } from '../service.ts'
import { readCredential } from '../wire/credential.ts'
import { splitTarget } from '../wire/read-wire.ts'
import type { Store } from '../store.ts'
import { evaluate } from './evaluate.ts'
import { evaluateAccess, openPolicies, readAll } from './evaluate-access.ts'
import { findResourcePolicy } from './resource-policies.ts'
import type { RequiredPermission } from './required-permission.ts'

/** What authorization needs of a function's URL. `functionArn` has its qualifier. */
interface CalledUrl {
  readonly functionArn: string
  readonly region: string
  readonly authType: 'NONE' | 'AWS_IAM'
}

/** An invocation by a service of AWS. */
interface ServiceInvocation {
  readonly functionArn: string
  /** `events.amazonaws.com` */
  readonly service: string
  readonly sourceArn: string
  readonly accountId: string
}

/** Checks of functions' roles, and of callers of their URLs. */
export interface FunctionRights {
  /** Whether the role trusts Lambda with this account as `aws:SourceAccount`. */
  mayAssume(roleArn: string): boolean
  /** The first of these permissions that the role does not have, in this region. */
  missingPermission(
    roleArn: string,
    region: string,
    permissions: readonly RequiredPermission[],
  ): RequiredPermission | undefined
  /** Whether a service of AWS may invoke the function, for a resource of this account. */
  mayInvoke(invocation: ServiceInvocation): boolean
  /** Whether the request may call the URL. Without authentication the caller is anonymous, else the signer. */
  mayCallUrl(url: CalledUrl, request: CloudRequest): boolean
}

const ANONYMOUS: Caller = { accountId: '', arn: 'anonymous', anonymous: true }
const LAMBDA = 'lambda.amazonaws.com'

/** Answers from the policies in the store. */
export function createFunctionRights({
  store,
  clock,
}: {
  readonly store: Store
  readonly clock: Clock
}): FunctionRights {
  const sql = openPolicies(store)
  const resolveCaller = createCallerResolver(store, clock)
  const signerOf = (request: CloudRequest): Caller | undefined => {
    const credential = readCredential(request.headers, splitTarget(request.target).query)
    try {
      return credential && resolveCaller(credential.accessKeyId, credential.sessionToken)
    } catch (error) {
      if (error instanceof AwsError) return undefined
      throw error
    }
  }
  return {
    mayAssume(roleArn) {
      const role = findRoleByArn(sql, roleArn)
      if (!role) return false
      const valuesOf = (key: string): string[] | undefined =>
        key.toLowerCase() === 'aws:sourceaccount' ? [role.account] : undefined
      const request = { action: 'sts:AssumeRole', resource: roleArn, valuesOf }
      const principal = { accountId: '', arn: LAMBDA, service: LAMBDA }
      return evaluate(readAll([role.trust]), request, principal)?.effect === 'Allow'
    },

    missingPermission(roleArn, region, permissions) {
      const role = findRoleByArn(sql, roleArn)
      if (!role) return permissions[0]
      const arn = `arn:aws:sts::${role.account}:assumed-role/${role.name}/function`
      const caller = { accountId: role.account, arn, roleName: role.name }
      const from = { address: '127.0.0.1', secure: true }
      return permissions.find((permission) =>
        evaluateAccess({ sql, call: { caller, region, from }, permission, now: clock.now() }),
      )
    },

    mayInvoke({ functionArn, service, sourceArn, accountId }) {
      const policy = findResourcePolicy(sql, functionArn)
      const keys: Readonly<Record<string, string>> = { 'aws:sourcearn': sourceArn, 'aws:sourceaccount': accountId }
      const valuesOf = (key: string): string[] | undefined => {
        const value = keys[key.toLowerCase()]
        return value === undefined ? undefined : [value]
      }
      const request = { action: 'lambda:InvokeFunction', resource: functionArn, valuesOf }
      const principal = { accountId: '', arn: service, service }
      return evaluate(policy === undefined ? [] : readAll([policy]), request, principal)?.effect === 'Allow'
    },

    // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    mayCallUrl({ functionArn, region, authType }, request) {
      const signer = authType === 'AWS_IAM' ? signerOf(request) : ANONYMOUS
      if (!signer) return false
      const keys = { 'lambda:FunctionUrlAuthType': authType, 'lambda:InvokedViaFunctionUrl': 'true' }
      const call = { caller: signer, region, from: readOrigin(request) }
      return ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].every((action) => {
        const permission: RequiredPermission = { action, resource: functionArn, keys }
        return !evaluateAccess({ sql, call, permission, now: clock.now() })
      })
    },
  }
}
