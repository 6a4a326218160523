import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3'
import type { Sql } from '../../sql.ts'
import { readSetting } from './bucket-settings.ts'

/** New buckets block all public access, since April 2023. */
const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const

/** The public access block of a bucket; undefined after its deletion. */
export function readPublicAccessBlock(sql: Sql, bucket: string): PublicAccessBlockConfiguration | undefined {
  const stored = readSetting(sql, bucket, 'public-access-block')
  if (!stored) return BLOCKED
  if (stored['deleted'] === true) return undefined
  return {
    BlockPublicAcls: stored['BlockPublicAcls'] === true,
    IgnorePublicAcls: stored['IgnorePublicAcls'] === true,
    BlockPublicPolicy: stored['BlockPublicPolicy'] === true,
    RestrictPublicBuckets: stored['RestrictPublicBuckets'] === true,
  }
}
