import { AwsError } from '../../service.ts'

/** A parameter that breaks a constraint of the API. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 })
}

export function noSuchRole(name: string): AwsError {
  return new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`)
}

export function noSuchPolicy(arn: string): AwsError {
  return new AwsError('NoSuchEntityException', `Policy ${arn} was not found.`)
}

/** Said where a policy is to be attached, or a version of it is asked for. */
export function notAttachable(what: string): AwsError {
  return new AwsError('NoSuchEntityException', `Policy ${what} does not exist or is not attachable.`)
}

/** Said where a policy is to bound a role. */
export function noSuchBoundary(arn: string): AwsError {
  return new AwsError('NoSuchEntityException', `Scope ARN: ${arn} does not exist or is not attachable.`)
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflictException', message)
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message)
}

export function malformedPolicy(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message)
}
