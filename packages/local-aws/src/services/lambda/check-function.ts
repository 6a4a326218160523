import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda'
import { invalidParameter, notOffered, violates } from './lambda-errors.ts'

type Settings = Omit<UpdateFunctionConfigurationRequest, 'FunctionName'> & Pick<CreateFunctionRequest, 'Architectures'>

/** Throws AWS's error for invalid settings, and an error of our own for settings that are not implemented. */
export function checkSettings(settings: Settings): void {
  checkModel(settings)
  checkRuntime(settings.Runtime)
  checkVariables(settings.Environment?.Variables)
  refuseUnoffered(settings)
}

function checkModel({
  Role,
  Handler,
  Timeout,
  MemorySize,
  Description,
  Architectures,
  EphemeralStorage,
}: Settings): void {
  if (Role !== undefined && !/^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/u.test(Role)) {
    const rule =
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+'
    throw violates({ value: Role, member: 'role', rule })
  }
  if (Handler !== undefined && !/^\S{1,128}$/u.test(Handler)) {
    const rule = 'Member must satisfy regular expression pattern: [^\\s]+'
    throw violates({ value: Handler, member: 'handler', rule })
  }
  checkRange({ value: Timeout, member: 'timeout', min: 1, max: 900 })
  checkRange({ value: MemorySize, member: 'memorySize', min: 128, max: 10_240 })
  checkRange({ value: EphemeralStorage?.Size, member: 'ephemeralStorage.size', min: 512, max: 10_240 })
  if ((Description?.length ?? 0) > 256) {
    const rule = 'Member must have length less than or equal to 256'
    throw violates({ value: Description, member: 'description', rule })
  }
  if (Architectures === undefined) return
  const value = `[${Architectures.join(', ')}]`
  if (Architectures.length > 1) {
    throw violates({ value, member: 'architectures', rule: 'Member must have length less than or equal to 1' })
  }
  if (Architectures.some((name) => name !== 'arm64' && name !== 'x86_64')) {
    const rule =
      'Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]'
    throw violates({ value, member: 'architectures', rule })
  }
}

/** Throws unless the value, where given, is between the two. */
export function checkRange(options: { value: number | undefined; member: string; min: number; max: number }): void {
  const { value, member, min, max } = options
  if (value === undefined) return
  if (value > max) throw violates({ value, member, rule: `Member must have value less than or equal to ${max}` })
  if (value < min) throw violates({ value, member, rule: `Member must have value greater than or equal to ${min}` })
}

function checkRuntime(runtime: string | undefined): void {
  if (runtime === undefined || OFFERED.includes(runtime)) return
  if (RETIRED.includes(runtime)) {
    throw invalidParameter(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    )
  }
  if (ELSEWHERE.includes(runtime)) throw notOffered(`The runtime ${runtime} (only Node.js functions run here)`)
  const all = [...OFFERED, ...ELSEWHERE].join(', ')
  throw invalidParameter(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${all}] or be a valid ARN`,
  )
}

const OFFERED: readonly string[] = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x', 'nodejs26.x']
const RETIRED: readonly string[] = (
  'nodejs nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 nodejs10.x nodejs12.x nodejs14.x nodejs16.x nodejs18.x ' +
  'java8 go1.x provided ruby2.5 ruby2.7 python2.7 python3.6 python3.7 dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1'
).split(' ')
const ELSEWHERE: readonly string[] = (
  'python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 java8.al2 java11 java17 java21 java25 ' +
  'ruby3.2 ruby3.3 ruby3.4 dotnet6 dotnet8 dotnet10 provided.al2 provided.al2023'
).split(' ')

function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  if (variables === undefined) return
  const measured = JSON.stringify(variables)
  if (Buffer.byteLength(measured) > 4096) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
    )
  }
  const reserved = Object.keys(variables).filter((name) => RESERVED.includes(name))
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  }
  const bad = Object.keys(variables).find((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/u.test(name))
  if (bad === undefined) return
  const rule =
    'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]'
  throw violates({ value: `{${bad}}`, member: 'environment.variables', rule })
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED: readonly string[] = (
  '_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME ' +
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE ' +
  'AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY ' +
  'AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR'
).split(' ')

function refuseUnoffered(settings: Settings): void {
  const asked = [
    (settings.VpcConfig?.SubnetIds?.length ?? 0) > 0 && 'VpcConfig',
    (settings.Layers?.length ?? 0) > 0 && 'Layers',
    (settings.FileSystemConfigs?.length ?? 0) > 0 && 'FileSystemConfigs',
    (settings.DeadLetterConfig?.TargetArn ?? '') !== '' && 'DeadLetterConfig',
    (settings.KMSKeyArn ?? '') !== '' && 'KMSKeyArn',
    settings.SnapStart?.ApplyOn === 'PublishedVersions' && 'SnapStart',
    settings.ImageConfig !== undefined && 'ImageConfig',
    settings.LoggingConfig?.LogFormat === 'JSON' && 'LoggingConfig.LogFormat JSON',
    (settings.LoggingConfig?.LogGroup ?? '') !== '' && 'LoggingConfig.LogGroup',
  ].find((name) => name !== false)
  if (asked !== undefined) throw notOffered(asked)
}
