import type { FunctionSpec, FunctionCredentials } from './executor.ts'

export const UNKNOWN_CREDENTIALS: FunctionCredentials = {
  accessKeyId: 'local',
  secretAccessKey: 'local',
  sessionToken: 'local',
}

/**
 * The variables of an execution environment: those that AWS reserves win over the function's own. The variables of
 * the calling process are not among them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(options: {
  spec: FunctionSpec
  credentials: FunctionCredentials
  endpoint: string
  logStream: string
}): Record<string, string> {
  const { spec, credentials, endpoint, logStream } = options
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_ENDPOINT_URL: endpoint,
    ...spec.variables,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    _HANDLER: spec.handler,
  }
}
