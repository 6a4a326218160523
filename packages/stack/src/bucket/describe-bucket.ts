import type { Arns } from '../desired/arns.ts'
import type { DesiredBucket } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import { denyPlainHttp } from '../policy/deny-plain-http.ts'

/** The one bucket: tickets, ledger and dead letters. Nothing in it expires by a rule. */
export function describeBucket({
  prefix,
  name,
  arns,
}: {
  readonly prefix: string
  readonly name: string
  readonly arns: Arns
}): DesiredBucket {
  const arn = arns.bucket(name)
  const wanted = { name, encryption: 'AES256', policy: denyPlainHttp('s3', [arn, `${arn}/*`]) } as const
  return { ...wanted, arn, tags: tagsFor(prefix, wanted) }
}
