import type { Clock } from '../../clock.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import * as attachmentOperations from './attachment-operations.ts'
import { openIamTables } from './iam-tables.ts'
import * as inlinePolicyOperations from './inline-policy-operations.ts'
import * as policyOperations from './policy-operations.ts'
import * as policyVersionOperations from './policy-version-operations.ts'
import * as roleOperations from './role-operations.ts'
import * as simulateOperations from './simulate-operations.ts'
import * as tagOperations from './tag-operations.ts'
import * as userOperations from './user-operations.ts'

export interface IamServiceOptions {
  readonly store: Store
  readonly clock: Clock
  /** @default the operating system's randomness */
  readonly random?: RandomBytes
}

/** IAM's roles and policies: stored, checked and returned as AWS does. */
export function createIamService({ store, clock, random = systemRandom }: IamServiceOptions): Service {
  openIamTables(store)
  const context = { sql: sqlOf(store), clock, random }
  return {
    name: 'iam',
    operations: bindOperations(context, {
      ...attachmentOperations,
      ...inlinePolicyOperations,
      ...policyOperations,
      ...policyVersionOperations,
      ...roleOperations,
      ...simulateOperations,
      ...tagOperations,
      ...userOperations,
    }),
  }
}
