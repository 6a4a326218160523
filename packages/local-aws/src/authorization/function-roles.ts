import type { Clock } from '../clock.ts'
import { findRoleByArn } from '../services/iam/role-record.ts'
import type { Store } from '../store.ts'
import { evaluate } from './evaluate.ts'
import { judge, openPolicies, readAll } from './judge.ts'
import type { Need } from './need.ts'

/** What Lambda asks about the roles of functions. */
export interface FunctionRoles {
  /** Whether the role trusts Lambda. */
  mayAssume(roleArn: string): boolean
  /** The first of these that the role may not; in the region that it would be asked for in. */
  lacks(roleArn: string, region: string, needs: readonly Need[]): Need | undefined
}

const LAMBDA = 'lambda.amazonaws.com'

/** Answers from the policies in the store. */
export function createFunctionRoles({ store, clock }: { readonly store: Store; readonly clock: Clock }): FunctionRoles {
  const sql = openPolicies(store)
  return {
    mayAssume(roleArn) {
      const role = findRoleByArn(sql, roleArn)
      if (!role) return false
      const request = { action: 'sts:AssumeRole', resource: roleArn, valuesOf: () => undefined }
      const principal = { accountId: '', arn: LAMBDA, service: LAMBDA }
      return evaluate(readAll([role.trust]), request, principal)?.effect === 'Allow'
    },

    lacks(roleArn, region, needs) {
      const role = findRoleByArn(sql, roleArn)
      if (!role) return needs[0]
      const arn = `arn:aws:sts::${role.account}:assumed-role/${role.name}/function`
      const caller = { accountId: role.account, arn, roleName: role.name }
      const from = { address: '127.0.0.1', secure: true }
      return needs.find((need) => judge({ sql, call: { caller, region, from }, need, now: clock.now() }))
    },
  }
}
