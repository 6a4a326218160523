import { type Lane, LANES, nameResources, secretNameOf } from 'ticket-core'
import { describeBoundary } from '../boundary/describe-boundary.ts'
import { describeBucket } from '../bucket/describe-bucket.ts'
import { type IntakeDescription, describeIntake } from '../intake/describe-intake.ts'
import { type FunctionCode, describeFunction } from '../function/describe-function.ts'
import { describeMapping } from '../mapping/describe-mapping.ts'
import { describeQueue } from '../queue/describe-queue.ts'
import { describeRole } from '../role/describe-role.ts'
import { createArns } from './arns.ts'
import type { DesiredStack } from './desired-stack.ts'

export interface StackDescription {
  /** First part of every name: 2 to 41 of a-z, 0-9 and -. */
  readonly prefix: string
  /** The bucket's name, where it is not the prefix's own. */
  readonly bucket?: string | undefined
  readonly region: string
  readonly accountId: string
  /** Name or ARN of the application's secret; the functions read it at run time. */
  readonly secretId: string
  /** Its ARN. Without it the roles name the secret by a pattern for the six characters that AWS adds to a name. */
  readonly secretArn?: string
  readonly functions: Readonly<Record<Lane, FunctionCode>>
  /** Environment of all functions, beside the names of resources. Never a secret: everyone with read access sees it. */
  readonly settings?: Readonly<Record<string, string>>
  /** Line 1 as a function. `none`: a server, and what is there of such a function is removed. Absent: it is left as it is. */
  readonly intake?: IntakeDescription | 'none'
}

/** Computes everything that should exist. Pure: the same description gives the same data, digests included. */
export function describeStack(description: StackDescription): DesiredStack {
  const { prefix, bucket, region, accountId, secretId, secretArn = secretId, settings = {}, intake } = description
  const names = nameResources(prefix, bucket)
  const arns = createArns({ region, accountId })
  const system = secretNameOf(secretId)
  const common = { prefix, names, arns }
  const boundary = describeBoundary({ ...common, accountId, region, secretId })
  const line =
    typeof intake === 'object'
      ? describeIntake({ ...common, accountId, region, secretId, boundary: boundary.arn, intake })
      : undefined
  const roleOptions = { ...common, accountId, boundary: boundary.arn, secretArn: arns.secret(secretArn) }
  return {
    prefix,
    region,
    accountId,
    names,
    queues: LANES.map((lane) => describeQueue({ ...common, system, lane })),
    bucket: describeBucket({ prefix, system, name: names.bucket, arns, accountId }),
    boundary,
    roles: [...LANES.map((lane) => describeRole({ ...roleOptions, lane })), ...(line ? [line.role] : [])],
    functions: [
      ...LANES.map((lane) =>
        describeFunction({ ...common, lane, secretId, settings, code: description.functions[lane] }),
      ),
      ...(line ? [line.function] : []),
    ],
    mappings: LANES.map((lane) => describeMapping({ ...common, lane })),
    urls: line ? [line.url] : [],
    schedules: line ? [line.schedule] : [],
    intakeFunction: line ? 'yes' : intake === 'none' ? 'no' : 'any',
  }
}
