import { AwsError } from '../../service.ts'

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message)
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

/** A parameter that breaks a constraint of the API. No model contains this error. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message, { status: 400 })
}

export function notFound(what = 'the specified secret.'): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}`)
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('ResourceExistsException', message)
}

export function markedForDeletion(): AwsError {
  return invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
}
