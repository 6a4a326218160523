import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { FunctionSpec } from '../../executors/executor.ts'

/** A stored version of a function. `$LATEST` also has the properties of the function as a whole. */
export interface FunctionRecord {
  readonly name: string
  readonly accountId: string
  readonly region: string
  readonly version: string
  readonly description: string
  readonly runtime: NonNullable<FunctionConfiguration['Runtime']>
  readonly role: string
  readonly handler: string
  readonly codeSize: number
  readonly codeSha256: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly ephemeralMb: number
  readonly variables: Readonly<Record<string, string>> | undefined
  readonly architecture: 'arm64' | 'x86_64'
  readonly tracing: 'Active' | 'PassThrough'
  readonly lastModified: number
  readonly revisionId: string
  readonly tags: Readonly<Record<string, string>>
  readonly reservedConcurrency: number | undefined
  /** A recursive loop of this function is not stopped. */
  readonly allowsRecursion?: boolean
  readonly nextVersion: number
}

/** Unqualified, also for a version's record. */
export function functionArn({
  region,
  accountId,
  name,
}: Pick<FunctionRecord, 'region' | 'accountId' | 'name'>): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`
}

/** With the version, unless it is `$LATEST`. */
function versionArn(record: FunctionRecord): string {
  return record.version === '$LATEST' ? functionArn(record) : `${functionArn(record)}:${record.version}`
}

/** The record as the API shows it. `qualified` shows the version in the ARN of `$LATEST` too, as PublishVersion does. */
export function configurationOf(record: FunctionRecord, qualified = false): FunctionConfiguration {
  return {
    FunctionName: record.name,
    FunctionArn: qualified ? `${functionArn(record)}:${record.version}` : versionArn(record),
    Runtime: record.runtime,
    Role: record.role,
    Handler: record.handler,
    CodeSize: record.codeSize,
    Description: record.description,
    Timeout: record.timeoutSeconds,
    MemorySize: record.memoryMb,
    LastModified: `${new Date(record.lastModified).toISOString().slice(0, -1)}+0000`,
    CodeSha256: record.codeSha256,
    Version: record.version,
    ...(record.variables === undefined ? {} : { Environment: { Variables: { ...record.variables } } }),
    TracingConfig: { Mode: record.tracing },
    RevisionId: record.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [record.architecture],
    EphemeralStorage: { Size: record.ephemeralMb },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${record.name}` },
  }
}

/** The specification for an executor. */
export function specOf(record: FunctionRecord): FunctionSpec {
  const { name, version, accountId, region, runtime, handler, timeoutSeconds, memoryMb, codeSha256 } = record
  return {
    name,
    arn: functionArn(record),
    version,
    accountId,
    region,
    runtime,
    handler,
    timeoutSeconds,
    memoryMb,
    variables: record.variables ?? {},
    roleArn: record.role,
    codeSha256,
  }
}
