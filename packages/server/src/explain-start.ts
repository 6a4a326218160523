import { intakeSecretId, type KeyRingFailure, type SecretRead } from 'ticket-core'
import type { Settings } from './settings.ts'

/**
 * Why the server did not start: one line for each cause, with what to do. `configuration`: a restart does not help
 * until the cause is fixed. `unavailable`: AWS did not answer; a later attempt may succeed.
 */
export interface StartFailure {
  readonly code: 'configuration' | 'port-in-use' | 'unavailable'
  readonly lines: readonly string[]
}

type SecretFailure = Extract<SecretRead, { readonly ok: false }>['failure']

/** Why a queue was not found. */
interface QueueFailure {
  readonly code: 'queue-missing' | 'queue-refused' | 'queue-unavailable'
  readonly name: string
  readonly reason?: string
}

const CHECK = 'Check AWS_REGION (or AWS_ENDPOINT_URL), the credentials and what they allow.'
const APPLY = 'apply the stack (npx -y pnpm@12 ticketing up), or start with TICKETING_MANAGE=1'

/** Explains why the secret cannot be used: names every wrong key, never a value. */
export function explainSecret(failure: SecretFailure, secretId: string): StartFailure {
  switch (failure.code) {
    case 'secret-invalid':
      return {
        code: 'configuration',
        lines: failure.problems.map(
          ({ key, problem, expected, inIntake }) =>
            `Secret ${inIntake ? intakeSecretId(secretId) : secretId}: ${key} is ${problem}; expected: ${expected}.`,
        ),
      }
    case 'secret-missing':
      return {
        code: 'configuration',
        lines: [`${failure.reason} Create it, or name another one with TICKETING_SECRET_ID.`],
      }
    case 'secret-unavailable':
      return {
        code: failure.refused ? 'configuration' : 'unavailable',
        lines: [`Secret ${secretId} could not be read. ${failure.reason} ${CHECK}`],
      }
  }
}

/** No token, or a malformed one: without a key no signature can be checked, so the server does not start. */
export function explainTokens(failure: KeyRingFailure, secretId: string): StartFailure {
  const line =
    failure.code === 'no-tokens'
      ? `Secret ${secretId}: TEAMS_HMAC_SECRET holds no token; expected: the one Teams showed when the outgoing webhook was made.`
      : `Secret ${secretId}: token ${failure.index + 1} in TEAMS_HMAC_SECRET is malformed; expected: ${failure.expected}.`
  return { code: 'configuration', lines: [line] }
}

/** Explains which queues were not found, one line each. */
export function explainQueues(failures: readonly QueueFailure[]): StartFailure {
  const missing = failures.filter(({ code }) => code === 'queue-missing')
  if (missing.length > 0)
    return {
      code: 'configuration',
      lines: missing.map(({ name }) => `Queue ${name} does not exist in this region and account; ${APPLY}`),
    }
  return {
    code: failures.some(({ code }) => code === 'queue-refused') ? 'configuration' : 'unavailable',
    lines: failures.map(({ name, reason = '' }) => `Queue ${name} could not be found. ${reason} ${CHECK}`),
  }
}

/** Explains why the server cannot listen on its address. Any other error is a bug and is thrown again. */
export function explainListenError(error: unknown, { host, port }: Settings): StartFailure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return {
        code: 'port-in-use',
        lines: [`Port ${port} on ${host} is in use; set TICKETING_PORT to another one, or 0 for any.`],
      }
    case 'EACCES':
      return configure(`Port ${port} may not be opened by this user; set TICKETING_PORT to one above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return configure(`${host} is no address of this machine; set TICKETING_HOST to 127.0.0.1 or 0.0.0.0.`)
    default:
      throw error
  }
}

function configure(line: string): StartFailure {
  return { code: 'configuration', lines: [line] }
}
