import {
  type SecretsManagerClient,
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager'
import { messageOf, nameOf, unlessAbsent } from './aws-errors.ts'
import { APP } from './desired/tags.ts'
import { explainError } from './explain-error.ts'
import { type Resource, type StackProblem, StackError, problemAsValue } from './resource.ts'
import type { Result } from 'ticket-core'

/** What the secret is now. Keys are named, values never. */
export interface EnsuredSecret {
  readonly arn: string
  readonly action: 'created' | 'unchanged' | 'updated' | 'differs'
  /** Keys whose value was, or with `differs` still is, different from the given one, or that is to be removed. */
  readonly keys: readonly string[]
}

/** What a secret is to hold. */
interface WantedSecret {
  readonly secretId: string
  readonly values: Readonly<Record<string, string>>
  /** Keys that it must not hold. @default [] */
  readonly removed?: readonly string[]
}

/**
 * Makes the secret hold these values. An existing one is changed only with `overwrite`, and then keeps the keys that
 * are neither given nor removed. Concurrent callers are harmless. No value reaches a result, an error or a log.
 */
export async function ensureSecret(
  { secretsManager }: { readonly secretsManager: SecretsManagerClient },
  wanted: WantedSecret,
  { overwrite = false }: { readonly overwrite?: boolean } = {},
): Promise<Result<EnsuredSecret, StackProblem>> {
  return problemAsValue(async () => {
    try {
      return await ensure(secretsManager, wanted, overwrite)
    } catch (error) {
      throw explainSecret(error, { kind: 'secret', name: wanted.secretId })
    }
  })
}

/** What an existing secret holds, as JSON gives it; undefined where there is no such secret. Empty for what is no object. */
export async function readSecret(
  { secretsManager }: { readonly secretsManager: SecretsManagerClient },
  secretId: string,
): Promise<Result<Readonly<Record<string, unknown>> | undefined, StackProblem>> {
  return problemAsValue(async () => {
    try {
      return (await read(secretsManager, secretId))?.content
    } catch (error) {
      throw explainSecret(error, { kind: 'secret', name: secretId })
    }
  })
}

async function ensure(
  client: SecretsManagerClient,
  { secretId, values, removed = [] }: WantedSecret,
  overwrite: boolean,
): Promise<EnsuredSecret> {
  const found = await read(client, secretId)
  const made = found ?? (await create(client, secretId, values)) ?? (await read(client, secretId))
  if (!made) throw new Error(`secret ${secretId} does not exist and cannot be made`)
  const { arn, content } = made
  if (made.isNew) return { arn, action: 'created', keys: Object.keys(values) }
  const different = Object.keys(values).filter((key) => content[key] !== values[key])
  const keys = [...different, ...removed.filter((key) => key in content)]
  if (keys.length === 0) return { arn, action: 'unchanged', keys }
  if (!overwrite) return { arn, action: 'differs', keys }
  const SecretString = JSON.stringify({ ...omit(content, removed), ...values })
  await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }))
  return { arn, action: 'updated', keys }
}

function omit(content: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([key]) => !keys.includes(key)))
}

interface FoundSecret {
  readonly arn: string
  readonly content: Readonly<Record<string, unknown>>
  readonly isNew: boolean
}

async function read(client: SecretsManagerClient, secretId: string): Promise<FoundSecret | undefined> {
  const found = await unlessAbsent(() => client.send(new GetSecretValueCommand({ SecretId: secretId })))
  return found && { arn: found.ARN ?? '', content: readObject(found.SecretString), isNew: false }
}

/** Undefined: another caller has just made it. */
async function create(
  client: SecretsManagerClient,
  secretId: string,
  values: Readonly<Record<string, string>>,
): Promise<FoundSecret | undefined> {
  const Tags = [
    { Key: 'app', Value: APP },
    { Key: 'prefix', Value: values['PREFIX'] ?? '' },
  ]
  try {
    const made = await client.send(
      new CreateSecretCommand({
        Name: secretId,
        Description: 'Keys and addresses of the ticketing system for Teams',
        SecretString: JSON.stringify(values),
        Tags,
      }),
    )
    return { arn: made.ARN ?? '', content: values, isNew: true }
  } catch (error) {
    if (nameOf(error) === 'ResourceExistsException') return undefined
    throw error
  }
}

/** A text that is not a JSON object counts as empty: then every key differs. */
function readObject(text = '{}'): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

function explainSecret(error: unknown, resource: Resource): unknown {
  if (nameOf(error) !== 'InvalidRequestException' || !/delet/i.test(messageOf(error))) {
    return explainError(error, resource)
  }
  return new StackError({
    code: 'secret-being-deleted',
    resource,
    problem: 'it is scheduled for deletion',
    todo: `Restore it (aws secretsmanager restore-secret --secret-id ${resource.name}), or use another name (TICKETING_SECRET_ID).`,
  })
}
