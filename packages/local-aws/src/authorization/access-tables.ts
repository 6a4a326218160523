import type { AccessTable } from './access/access.ts'
import { eventsAccess } from './access/events-access.ts'
import { iamAccess } from './access/iam-access.ts'
import { lambdaAccess } from './access/lambda-access.ts'
import { s3Access } from './access/s3-access.ts'
import { secretsAccess } from './access/secrets-access.ts'
import { sqsAccess } from './access/sqs-access.ts'
import { stsAccess } from './access/sts-access.ts'

/** The permissions that each operation requires, by service. */
export const accessTables: Readonly<Record<string, AccessTable>> = {
  events: eventsAccess,
  iam: iamAccess,
  lambda: lambdaAccess,
  s3: s3Access,
  secretsmanager: secretsAccess,
  sqs: sqsAccess,
  sts: stsAccess,
}
