import { AwsError } from '../service.ts'
import type { Api } from './api.ts'
import type { MissingMember } from './check-required.ts'

/** Each service's error for a missing required member. */
export function missingParameter(api: Api, { path, member }: MissingMember): AwsError {
  if (api.name === 'sqs') return new AwsError('MissingParameter', `The request must contain the parameter ${path}.`)
  if (api.name === 's3') {
    if (member.payload) return new AwsError('MissingRequestBodyError', 'Request Body is empty', { status: 400 })
    const message = 'The XML you provided was not well-formed or did not validate against our published schema'
    return new AwsError('MalformedXML', message, { status: 400 })
  }
  const name = api.name === 'secretsmanager' ? path : `${path.charAt(0).toLowerCase()}${path.slice(1)}`
  const message = `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`
  return new AwsError(api.protocol === 'query' ? 'ValidationError' : 'ValidationException', message, { status: 400 })
}
