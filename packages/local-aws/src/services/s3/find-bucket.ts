import { type Call, AwsError } from '../../service.ts'
import { type Row, type Sql, numberOf, optionalTextOf, textOf } from '../../sql.ts'
import { accessDenied, noSuchBucket } from './s3-errors.ts'
import { createHash } from 'node:crypto'

/** A bucket as stored; `created` in milliseconds since the epoch. */
export interface BucketRecord {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly location: string | undefined
  readonly created: number
}

/** The common members of requests to a bucket. */
export interface BucketRequest {
  readonly Bucket?: string | undefined
  readonly ExpectedBucketOwner?: string | undefined
}

export function findBucket(sql: Sql, name: string): BucketRecord | undefined {
  const row = sql.one('SELECT * FROM s3_buckets WHERE name = ?', name)
  return row && readBucket(row)
}

/** The bucket of a request. Throws unless it exists, has the expected owner, and is in the request's region. */
export function requireBucket(sql: Sql, input: BucketRequest, call: Call): BucketRecord {
  const bucket = requireBucketAnywhere(sql, input)
  // An unsigned request has no region.
  if (bucket.region === call.region || call.caller.anonymous) return bucket
  throw new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    {
      status: 301,
      headers: { 'x-amz-bucket-region': bucket.region },
      details: { Endpoint: `s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name, Region: bucket.region },
    },
  )
}

/** The same in any region: every region answers GetBucketLocation. */
export function requireBucketAnywhere(sql: Sql, input: BucketRequest): BucketRecord {
  const { ExpectedBucketOwner: owner, Bucket: name = '' } = input
  if (owner !== undefined && !/^\d{12}$/.test(owner)) {
    throw new AwsError(
      'InvalidBucketOwnerAWSAccountID',
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${owner}]`,
      { status: 400 },
    )
  }
  const bucket = findBucket(sql, name)
  if (!bucket) throw noSuchBucket(name)
  if (owner !== undefined && owner !== bucket.account) throw accessDenied()
  return bucket
}

export function allBuckets(sql: Sql, account: string): readonly BucketRecord[] {
  return sql.all('SELECT * FROM s3_buckets WHERE account = ? ORDER BY name', account).map((row) => readBucket(row))
}

function readBucket(row: Row): BucketRecord {
  return {
    name: textOf(row, 'name'),
    account: textOf(row, 'account'),
    region: textOf(row, 'region'),
    location: optionalTextOf(row, 'location'),
    created: numberOf(row, 'created'),
  }
}

/** An account's canonical user id: 64 hexadecimal digits, the same for the same account. */
export function ownerOf(account: string): { readonly ID: string } {
  return { ID: createHash('sha256').update(`canonical user of ${account}`).digest('hex') }
}
