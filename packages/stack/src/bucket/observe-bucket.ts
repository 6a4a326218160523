import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
} from '@aws-sdk/client-s3'
import { readStatus } from 'ticket-adapters/aws'
import { unlessAbsent } from '../aws-errors.ts'
import type { Tags } from '../desired/tags.ts'
import type { Context } from '../kind.ts'
import { StackError } from '../resource.ts'

export interface ObservedBucket {
  /** JSON of the four switches. */
  readonly publicAccessBlock?: string
  readonly encryption?: string
  readonly policy?: string
  readonly tags: Tags
}

/** The bucket as it is now; a bucket of that name elsewhere is a {@link StackError}. */
export async function observeBucket(
  name: string,
  { clients, accountId, region }: Pick<Context, 'clients' | 'accountId' | 'region'>,
): Promise<ObservedBucket | undefined> {
  const bucket = { Bucket: name, ExpectedBucketOwner: accountId }
  const found = await unlessAbsent(async () => {
    await clients.s3.send(new HeadBucketCommand(bucket)).catch((error: unknown) => {
      throw explainHead(error, { name, region, accountId })
    })
    return true
  })
  if (!found) return undefined
  const [access, encryption, policy, tags] = await Promise.all([
    unlessAbsent(() => clients.s3.send(new GetPublicAccessBlockCommand(bucket))),
    unlessAbsent(() => clients.s3.send(new GetBucketEncryptionCommand(bucket))),
    unlessAbsent(() => clients.s3.send(new GetBucketPolicyCommand(bucket))),
    unlessAbsent(() => clients.s3.send(new GetBucketTaggingCommand(bucket))),
  ])
  const switches = access?.PublicAccessBlockConfiguration
  const rule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
  return {
    ...(switches && { publicAccessBlock: JSON.stringify(switches) }),
    ...(rule?.SSEAlgorithm && { encryption: rule.SSEAlgorithm }),
    ...(policy?.Policy && { policy: policy.Policy }),
    tags: Object.fromEntries((tags?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  }
}

/** A HEAD has no body: only its status says what is wrong. */
function explainHead(
  error: unknown,
  { name, region, accountId }: { readonly name: string; readonly region: string; readonly accountId: string },
): unknown {
  const resource = { kind: 'bucket', name } as const
  if (readStatus(error) === 403) return nameTaken(name, accountId, error)
  if (readStatus(error) === 301 || readStatus(error) === 400) {
    const where = regionOf(error)
    return new StackError(
      {
        code: 'bucket-in-another-region',
        resource,
        problem: `the bucket is in ${where ?? 'another region'}, and this is ${region}. Nothing was changed.`,
        todo: `Use the region that the stack was made in${where === undefined ? '' : ` (--region ${where})`}. To move it to another region, it needs another PREFIX there, since the names of buckets and roles are not a region's: docs/guides/changing.md says how.`,
      },
      error,
    )
  }
  return error
}

/** S3 names the bucket's region in a header of its refusal. */
function regionOf(error: unknown): string | undefined {
  const headers: unknown = Reflect.get(Object(Reflect.get(Object(error), '$response')), 'headers')
  const region: unknown = Reflect.get(Object(headers), 'x-amz-bucket-region')
  return typeof region === 'string' ? region : undefined
}

/** All accounts of AWS share one namespace of buckets. */
export function nameTaken(name: string, accountId: string, cause: unknown): StackError {
  return new StackError(
    {
      code: 'bucket-name-taken',
      resource: { kind: 'bucket', name },
      problem: `a bucket of this name belongs to another account than ${accountId}, or these credentials may not read it`,
      todo: "Choose another PREFIX in the application's secret (bucket names are shared by all of AWS), or give the credentials s3:ListBucket on it if it is yours.",
    },
    cause,
  )
}
