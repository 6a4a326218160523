import type { Clock } from '../../clock.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { createSecret } from './create-secret.ts'
import { deleteSecret, restoreSecret } from './deletion-operations.ts'
import { batchGetSecretValue, describeSecret, listSecretVersionIds, listSecrets } from './list-operations.ts'
import {
  deleteResourcePolicy,
  getResourcePolicy,
  putResourcePolicy,
  tagResource,
  untagResource,
} from './resource-operations.ts'
import { openSecretsTables } from './secrets-tables.ts'
import { updateSecretVersionStage } from './stage-operations.ts'
import { getSecretValue, putSecretValue, updateSecret } from './value-operations.ts'

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
      BatchGetSecretValue: batchGetSecretValue,
      CreateSecret: createSecret,
      DeleteResourcePolicy: deleteResourcePolicy,
      DeleteSecret: deleteSecret,
      DescribeSecret: describeSecret,
      GetResourcePolicy: getResourcePolicy,
      GetSecretValue: getSecretValue,
      ListSecretVersionIds: listSecretVersionIds,
      ListSecrets: listSecrets,
      PutResourcePolicy: putResourcePolicy,
      PutSecretValue: putSecretValue,
      RestoreSecret: restoreSecret,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateSecret: updateSecret,
      UpdateSecretVersionStage: updateSecretVersionStage,
    }),
  }
}
