import type { Clock } from '../../clock.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import * as createSecret from './create-secret.ts'
import * as deletionOperations from './deletion-operations.ts'
import * as listOperations from './list-operations.ts'
import * as resourceOperations from './resource-operations.ts'
import { openSecretsTables } from './secrets-tables.ts'
import * as stageOperations from './stage-operations.ts'
import * as valueOperations from './value-operations.ts'

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
    operations: bindOperations(context, {
      ...createSecret,
      ...deletionOperations,
      ...listOperations,
      ...resourceOperations,
      ...stageOperations,
      ...valueOperations,
    }),
  }
}
