import { AwsError, type Call } from '@ticketing/local-aws'

/** The error of a service that throttles, is down, denies or sees a conflict, in that service's own words. */
export function answerFault(
  { service, operation, caller }: Call,
  kind: 'throttled' | '5xx' | 'denied' | 'conflict',
): AwsError {
  switch (kind) {
    case 'throttled':
      return throttled(service)
    case '5xx':
      return down(service)
    case 'denied': {
      const code = service === 'secretsmanager' ? 'AccessDeniedException' : 'AccessDenied'
      const status = service === 'secretsmanager' ? 400 : 403
      return new AwsError(code, `User: ${caller.arn} is not authorized to perform: ${service}:${operation}`, { status })
    }
    case 'conflict':
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      return new AwsError(
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflicting operation against this resource.',
        { status: 409 },
      )
  }
}

function throttled(service: string): AwsError {
  if (service === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 })
  if (service === 'sqs') return new AwsError('RequestThrottled', 'Rate exceeded', { status: 403 })
  return new AwsError('ThrottlingException', 'Rate exceeded', { status: 400 })
}

function down(service: string): AwsError {
  if (service === 's3')
    return new AwsError('ServiceUnavailable', 'Service is unable to handle request.', { status: 503 })
  if (service === 'sqs') return new AwsError('InternalFailure', 'Service unavailable.', { status: 500 })
  return new AwsError('InternalServiceError', 'An error occurred on the server side.', { status: 500 })
}
