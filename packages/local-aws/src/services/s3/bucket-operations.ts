import type {
  CreateBucketCommandInput,
  DeleteBucketCommandInput,
  GetBucketLocationCommandInput,
  HeadBucketCommandInput,
  ListBucketsCommandInput,
} from '@aws-sdk/client-s3'
import { type Call, AwsError } from '../../service.ts'
import { locateBucket } from './bucket-location.ts'
import { ownerOf, allBuckets, findBucket, requireBucket, requireBucketAnywhere } from './find-bucket.ts'
import { refuseAcl } from './refuse-unsupported.ts'
import { readSetting, writeSetting } from './bucket-settings.ts'
import { invalidArgument, notImplemented } from './s3-errors.ts'
import type { S3Context } from './s3-context.ts'
import { tagSetOf } from './tag-set.ts'

const MAX_BUCKETS = 10_000

export function createBucket({ sql, clock }: S3Context, input: CreateBucketCommandInput, call: Call): object {
  const name = input.Bucket ?? ''
  checkBucketName(name)
  const { region, location } = locateBucket(call.region, input.CreateBucketConfiguration?.LocationConstraint)
  const answer = {
    Location: call.region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
    BucketArn: `arn:aws:s3:::${name}`,
  }
  const existing = findBucket(sql, name)
  if (existing) {
    // Only us-east-1 answers 200 to an owner who creates the bucket again.
    if (existing.account === call.caller.accountId && existing.region === 'us-east-1' && region === 'us-east-1')
      return answer
    throw bucketExists(name, existing.account === call.caller.accountId)
  }
  if (input.ObjectLockEnabledForBucket) throw notImplemented('x-amz-bucket-object-lock-enabled')
  if (input.CreateBucketConfiguration?.Bucket) throw notImplemented('Bucket')
  if (input.ACL !== 'private') refuseAcl(input, input.ObjectOwnership)
  const tags = tagSetOf(input.CreateBucketConfiguration?.Tags)
  return sql.atomically(() => {
    sql.run(
      'INSERT INTO s3_buckets (name, account, region, location, created) VALUES (?, ?, ?, ?, ?)',
      name,
      call.caller.accountId,
      region,
      location ?? null,
      clock.now(),
    )
    if (input.ObjectOwnership)
      writeSetting(sql, { bucket: name, kind: 'ownership' }, { ObjectOwnership: input.ObjectOwnership })
    if (tags.length > 0) writeSetting(sql, { bucket: name, kind: 'tagging' }, tags)
    return answer
  })
}

export function headBucket({ sql }: S3Context, input: HeadBucketCommandInput, call: Call): object {
  const bucket = requireBucket(sql, input, call)
  return { BucketRegion: bucket.region, BucketArn: `arn:aws:s3:::${bucket.name}`, AccessPointAlias: false }
}

export function listBuckets({ sql }: S3Context, input: ListBucketsCommandInput, { caller }: Call): object {
  const max = input.MaxBuckets ?? MAX_BUCKETS
  if (max < 1 || max > MAX_BUCKETS) {
    throw invalidArgument('Argument max-buckets must be an integer between 1 and 10000', 'max-buckets', `${max}`)
  }
  const after = input.ContinuationToken === undefined ? '' : Buffer.from(input.ContinuationToken, 'base64').toString()
  const matching = allBuckets(sql, caller.accountId).filter(
    ({ name, region }) =>
      name > after && name.startsWith(input.Prefix ?? '') && (input.BucketRegion ?? region) === region,
  )
  const page = matching.slice(0, max)
  const last = page.at(-1)
  return {
    Owner: ownerOf(caller.accountId),
    Buckets: page.map(({ name, created, region }) => ({
      Name: name,
      CreationDate: new Date(created),
      BucketRegion: region,
      BucketArn: `arn:aws:s3:::${name}`,
    })),
    ...(input.Prefix !== undefined && { Prefix: input.Prefix }),
    ...(last && matching.length > page.length && { ContinuationToken: Buffer.from(last.name).toString('base64') }),
  }
}

export function getBucketLocation({ sql }: S3Context, input: GetBucketLocationCommandInput): object {
  return {
    LocationConstraint: requireBucketAnywhere(sql, input).location,
  }
}

export function deleteBucket({ sql }: S3Context, input: DeleteBucketCommandInput, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  if (sql.one('SELECT 1 FROM s3_objects WHERE bucket = ? LIMIT 1', name)) {
    throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
      status: 409,
      details: { BucketName: name },
    })
  }
  sql.run('DELETE FROM s3_buckets WHERE name = ?', name)
  return {}
}

export function getBucketVersioning({ sql }: S3Context, input: HeadBucketCommandInput, call: Call): object {
  requireBucket(sql, input, call)
  return {}
}

export function getBucketAcl({ sql }: S3Context, input: HeadBucketCommandInput, call: Call): object {
  const owner = ownerOf(requireBucket(sql, input, call).account)
  return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] }
}

export function putBucketAcl({ sql }: S3Context, input: HeadBucketCommandInput, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  refuseAcl({ ...input, ACL: 'any' }, readSetting(sql, name, 'ownership')?.['ObjectOwnership'])
  return {}
}

function bucketExists(name: string, isOwn: boolean): AwsError {
  const details = { BucketName: name }
  if (isOwn) {
    return new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { details },
    )
  }
  return new AwsError(
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    { details },
  )
}

const SHAPE = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/
const RESERVED = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/

/**
 * Rejects an invalid name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function checkBucketName(name: string): void {
  if (!SHAPE.test(name) || name.includes('..') || IP_ADDRESS.test(name) || RESERVED.test(name)) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', {
      status: 400,
      details: { BucketName: name },
    })
  }
}
