import { AwsError } from '../../service.ts'

/** A parameter that breaks a constraint of the API. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 })
}

export function noSuchRole(name: string): AwsError {
  return new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`)
}

export function noSuchPolicy(arn: string): AwsError {
  return notOffered(arn) ?? new AwsError('NoSuchEntityException', `Policy ${arn} was not found.`)
}

/** The error for an attachment, and for a request of a version. */
export function notAttachable(what: string): AwsError {
  const message = `Policy ${what} does not exist or is not attachable.`
  return notOffered(what) ?? new AwsError('NoSuchEntityException', message)
}

/** The error for a permissions boundary. */
export function noSuchBoundary(arn: string): AwsError {
  const message = `Scope ARN: ${arn} does not exist or is not attachable.`
  return notOffered(arn) ?? new AwsError('NoSuchEntityException', message)
}

/** AWS manages hundreds of policies and this cloud knows a few: an unknown one may exist on AWS. */
function notOffered(arn: string): AwsError | undefined {
  if (!arn.startsWith('arn:aws:iam::aws:policy/')) return undefined
  return new AwsError(
    'PolicyNotAttachableException',
    `This embedded cloud does not offer the AWS managed policy ${arn}. Create a policy with its statements, and use that one.`,
  )
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
