import { readStatus } from 'ticket-adapters/aws'
import { messageOf, nameOf } from './aws-errors.ts'
import { type Resource, StackError } from './resource.ts'

const NOT_ALLOWED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError(Exception)?)$/
const BAD_CREDENTIALS =
  /^(CredentialsProviderError|ExpiredToken(Exception)?|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|TokenRefreshRequired)$/
const NO_ANSWER = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|TimeoutError)$/

/**
 * Explains what an AWS error means for the user of the command. An error that is neither AWS's answer nor a network
 * failure is a bug and is returned as it is. AWS's messages name resources and actions, no secrets.
 */
export function explainError(error: unknown, resource: Resource): unknown {
  if (error instanceof StackError) return error
  const name = nameOf(error)
  const message = messageOf(error)
  if (BAD_CREDENTIALS.test(name)) {
    // The SDK says where it searched, or how to sign in again.
    const problem =
      name === 'CredentialsProviderError'
        ? `there are no credentials to call AWS with: ${message}`
        : `AWS did not accept the credentials (${name})`
    const todo = 'Sign in again, or check AWS_PROFILE, AWS_ACCESS_KEY_ID and the clock of this machine.'
    return new StackError({ code: 'no-credentials', resource, problem, todo }, error)
  }
  if (isNotAllowed(error)) {
    const problem = `these credentials may not do this: ${message}`
    const todo =
      'Attach the operator policy that this package describes (operatorPolicy) to the user or role that runs this.'
    return new StackError({ code: 'not-allowed', resource, problem, todo }, error)
  }
  if (NO_ANSWER.test(networkCodeOf(error)) || NO_ANSWER.test(name)) {
    const problem = `no answer from AWS (${networkCodeOf(error) || name})`
    const todo = 'Check the network, the region, and AWS_ENDPOINT_URL if it is set.'
    return new StackError({ code: 'unreachable', resource, problem, todo }, error)
  }
  if (readStatus(error) === undefined) return error
  const problem = `AWS refused it: ${name}: ${message}`
  return new StackError({ code: 'refused', resource, problem, todo: 'Fix what AWS names, then run this again.' }, error)
}

/** True where AWS says that the caller lacks the permission. */
export function isNotAllowed(error: unknown): boolean {
  return NOT_ALLOWED.test(nameOf(error)) || (readStatus(error) === 403 && !BAD_CREDENTIALS.test(nameOf(error)))
}

function networkCodeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
