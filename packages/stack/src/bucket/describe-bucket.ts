import type { Arns } from '../desired/arns.ts'
import type { DesiredBucket } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import { guardBucket } from '../policy/guard-bucket.ts'

/** The bucket of tickets, ledger and dead letters. No rule expires anything in it. */
export function describeBucket({
  prefix,
  name,
  arns,
  accountId,
}: {
  readonly prefix: string
  readonly name: string
  readonly arns: Arns
  readonly accountId: string
}): DesiredBucket {
  const arn = arns.bucket(name)
  const wanted = { name, encryption: 'AES256', policy: guardBucket(arn, accountId) } as const
  return { ...wanted, arn, tags: tagsFor(prefix, wanted) }
}
