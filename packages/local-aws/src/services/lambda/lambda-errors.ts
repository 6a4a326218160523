import { AwsError } from '../../service.ts'

// Texts as recorded on AWS: `lambda-errors-recorded.json` of the captures.

/** A parameter's value that Lambda itself rejects. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { details: { Type: 'User' } })
}

/** A value that the service's model rejects. */
export function violates(options: { value: unknown; member: string; rule: string }): AwsError {
  const { value, member, rule } = options
  const displayName =
    value === undefined || value === null ? 'null' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`
  const message = `1 validation error detected: Value ${displayName} at '${member}' failed to satisfy constraint: ${rule}`
  return new AwsError('ValidationException', message, { status: 400 })
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { details: { Type: 'User' } })
}

export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`)
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, { details: { Type: 'User' } })
}

export function wrongRevision(call: string): AwsError {
  const message = `The Revision Id provided does not match the latest Revision Id. Call the ${call} API to retrieve the latest Revision Id`
  return new AwsError('PreconditionFailedException', message, { details: { Type: 'User' } })
}

/** Valid on AWS, not implemented here: an error, so that it is not silently ignored. */
export function notOffered(parameter: string): AwsError {
  return invalidParameter(`${parameter} is not offered by this embedded cloud. Remove it, or use AWS itself.`)
}

export function throttled(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    details: { Type: 'User', Reason: reason, retryAfterSeconds: '1' },
  })
}
