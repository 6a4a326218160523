import type { Clock } from '../../clock.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import type { Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { createAttachmentOperations } from './attachment-operations.ts'
import { openIamTables } from './iam-tables.ts'
import { createInlinePolicyOperations } from './inline-policy-operations.ts'
import { createPolicyOperations } from './policy-operations.ts'
import { createPolicyVersionOperations } from './policy-version-operations.ts'
import { createRoleOperations } from './role-operations.ts'
import { createTagOperations } from './tag-operations.ts'
import { createUserOperations } from './user-operations.ts'

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
    operations: {
      ...createRoleOperations(context),
      ...createInlinePolicyOperations(context),
      ...createPolicyOperations(context),
      ...createPolicyVersionOperations(context),
      ...createAttachmentOperations(context),
      ...createTagOperations(context),
      ...createUserOperations(),
    },
  }
}
