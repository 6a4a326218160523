import { validateHeaderValue } from 'node:http'
import { NO_CREDENTIALS, readAwsFailure } from './read-failure.ts'

/**
 * There are no credentials to sign with: none were found, or no header can carry them. Every call fails until a person
 * acts. It has the SDK's own name for this, so code that reads the SDK's errors handles it too.
 */
class UnusableCredentials extends Error {
  override readonly name = NO_CREDENTIALS
}

interface Credentials {
  readonly accessKeyId: string
  readonly sessionToken?: string | undefined
}

type Middleware = <Args, Result>(next: (args: Args) => Promise<Result>) => (args: Args) => Promise<Result>

/** The part of an SDK client that this file uses. */
export interface SigningClient {
  readonly config: { readonly credentials: () => Promise<Credentials> }
  readonly middlewareStack: {
    use(plugin: {
      applyToStack(stack: { add(middleware: Middleware, options: { readonly name: string }): void }): void
    }): void
  }
}

/**
 * Makes each call of a client find its credentials first, and fail with what the SDK says about them. Without it a token
 * file that is not there (ENOENT) and a line break in a key (ERR_INVALID_CHAR) look like failures of the network.
 * Credentials that were passed in are not checked.
 */
export function checkCredentials<Client extends SigningClient>(
  client: Client,
  given: { readonly credentials?: unknown },
): Client {
  if (typeof given.credentials === 'object') return client
  const { config, middlewareStack } = client
  middlewareStack.use({
    applyToStack: (stack) =>
      stack.add(
        (next) => async (args) => {
          await findCredentials(config)
          return next(args)
        },
        { name: 'checkCredentials' },
      ),
  })
  return client
}

async function findCredentials({ credentials }: SigningClient['config']): Promise<void> {
  let found: Credentials
  try {
    found = await credentials()
  } catch (error) {
    throw mayPass(error) ? error : new UnusableCredentials(describe(error), { cause: error })
  }
  checkHeader(found.accessKeyId, 'access key id', 'AWS_ACCESS_KEY_ID')
  checkHeader(found.sessionToken, 'session token', 'AWS_SESSION_TOKEN')
}

/** Both are sent in a header of every request. The error never shows the value. */
function checkHeader(text: string | undefined, what: string, variable: string): void {
  if (text === undefined) return
  try {
    validateHeaderValue('authorization', text)
  } catch {
    throw new UnusableCredentials(
      `the ${what} holds a character that no request can carry, such as a line break at its end; look at ${variable}, or at the AWS profile`,
    )
  }
}

/** The source of the credentials (STS, a metadata service) did not answer, or throttled. */
function mayPass(error: unknown): boolean {
  const failure = readAwsFailure({ kind: 'threw', error })
  switch (failure.kind) {
    case 'refused':
      return failure.throttled
    case 'not-sent':
      return failure.name !== NO_CREDENTIALS
    case 'no-answer':
      return failure.status !== undefined || BROKEN_OFF.test(failure.name)
  }
}

const BROKEN_OFF = /^(?:ECONN|ETIMEDOUT|EPIPE|UND_ERR|TimeoutError|AbortError)/

/** An error that a service answered has a name as well as a message. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'the credentials could not be found'
  return '$metadata' in error ? `${error.name}: ${error.message}` : error.message
}
