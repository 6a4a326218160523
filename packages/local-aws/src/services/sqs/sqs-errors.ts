import { AwsError } from '../../service.ts'

// Codes and texts of AWS: `fixtures` of recorded answers, and
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
}

/** A parameter with an invalid value. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

export function invalidValue(name: string, value: unknown, reason: string): AwsError {
  return invalidParameter(`Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`)
}

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}.`)
}

export function unknownAttribute(name: string): AwsError {
  return new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
}

export function invalidAttributeValue(name: string, reason?: string): AwsError {
  const tail = reason === undefined ? '' : ` Reason: ${reason}`
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.${tail}`)
}

export function receiptHandleIsInvalid(handle: string): AwsError {
  return new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`)
}
