import type {
  FunctionConfiguration,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
  PublishVersionRequest,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { readFunctionName, requireLatest } from './function-name.ts'
import { configurationOf, type FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { invalidParameter, wrongRevision } from './lambda-errors.ts'
import { page } from './page.ts'

/** Publishes `$LATEST` as the next version; without a change since the last version, returns that one. */
export function publishVersion(
  context: LambdaContext,
  input: PublishVersionRequest,
  call: Call,
): FunctionConfiguration {
  const record = requireLatest(context, readFunctionName(input.FunctionName, call).name, call)
  if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId) {
    throw wrongRevision('GetFunction/GetAlias')
  }
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== '' && input.CodeSha256 !== record.codeSha256) {
    throw invalidParameter(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    )
  }
  return configurationOf(publish(context, record, input.Description), true)
}

/** Stores the next version of a function and returns its record. */
export function publish(context: LambdaContext, latest: FunctionRecord, description?: string): FunctionRecord {
  const last = context.functions.versions(latest.region, latest.name).at(-1)
  if (last && last.version !== '$LATEST' && isSame(last, latest)) return last
  const version: FunctionRecord = {
    ...latest,
    version: String(latest.nextVersion),
    description: description ?? latest.description,
    revisionId: context.newId(),
    tags: {},
    reservedConcurrency: undefined,
  }
  context.sql.atomically(() => {
    context.functions.save(version)
    context.functions.save({ ...latest, nextVersion: latest.nextVersion + 1, revisionId: context.newId() })
  })
  return version
}

export function listVersionsByFunction(
  context: LambdaContext,
  input: ListVersionsByFunctionRequest,
  call: Call,
): ListVersionsByFunctionResponse {
  const { name } = requireLatest(context, readFunctionName(input.FunctionName, call).name, call)
  const all = context.functions.versions(call.region, name)
  const { items, next } = page(all, { marker: input.Marker, size: input.MaxItems })
  return { Versions: items.map((record) => configurationOf(record, true)), NextMarker: next }
}

function isSame(a: FunctionRecord, b: FunctionRecord): boolean {
  return essence(a) === essence(b)
}

function essence(record: FunctionRecord): string {
  return JSON.stringify([
    record.codeSha256,
    record.runtime,
    record.role,
    record.handler,
    record.timeoutSeconds,
    record.memoryMb,
    record.ephemeralMb,
    record.variables,
    record.architecture,
    record.tracing,
  ])
}
