import type { Clock } from '../../clock.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import type { Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { createCreateSecret } from './create-secret.ts'
import { createDeletionOperations } from './deletion-operations.ts'
import { createListOperations } from './list-operations.ts'
import { createResourceOperations } from './resource-operations.ts'
import { openSecretsTables } from './secrets-tables.ts'
import { createStageOperations } from './stage-operations.ts'
import { createValueOperations } from './value-operations.ts'

export interface SecretsManagerServiceOptions {
  readonly store: Store
  readonly clock: Clock
  /** Makes version ids and the six characters at the end of an ARN. @default the operating system's randomness */
  readonly random?: RandomBytes
}

/** Secrets Manager: secrets with versions and stages, deleted after a recovery window. Values are stored as they are. */
export function createSecretsManagerService({
  store,
  clock,
  random = systemRandom,
}: SecretsManagerServiceOptions): Service {
  openSecretsTables(store)
  const context = { sql: sqlOf(store), clock, random }
  return {
    name: 'secretsmanager',
    operations: {
      ...createCreateSecret(context),
      ...createValueOperations(context),
      ...createListOperations(context),
      ...createDeletionOperations(context),
      ...createStageOperations(context),
      ...createResourceOperations(context),
    },
  }
}
