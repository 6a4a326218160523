import { AwsError } from '../../service.ts'

export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', { details: { BucketName: bucket } })
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', { details: { Key: key } })
}

/** `condition` is the header that did not hold. */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    details: { Condition: condition },
  })
}

export function invalidArgument(message: string, name: string, value?: string): AwsError {
  return new AwsError('InvalidArgument', message, {
    status: 400,
    details: { ArgumentName: name, ...(value !== undefined && { ArgumentValue: value }) },
  })
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message, { status: 400 })
}

export function accessDenied(message = 'Access Denied'): AwsError {
  return new AwsError('AccessDenied', message, { status: 403 })
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { status: 400 },
  )
}

/** S3's error for a header that is not implemented. */
export function notImplemented(header: string, more?: string): AwsError {
  return new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
    details: { Header: header, ...(more !== undefined && { additionalMessage: more }) },
  })
}

/** S3 answers these writes with 204, where its model says 200. */
export const NO_CONTENT = { $metadata: { httpStatusCode: 204 } } as const
