import { CliError } from './cli-error.ts'
import { loadTestbed } from './load-testbed.ts'

/** The flag that changes each port. */
const FLAGS = { server: '--port', cloud: '--cloud-port', trello: '--trello-port', slack: '--slack-port' } as const
const NAMES = {
  server: 'the server',
  cloud: 'the embedded cloud',
  trello: 'the Trello simulator',
  slack: 'the Slack simulator',
} as const

/** A port that somebody else has, as one message that names the flag; every other error comes back as it is. */
export async function explainAddress(error: unknown): Promise<unknown> {
  const { AddressInUse } = await loadTestbed()
  if (!(error instanceof AddressInUse)) return error
  return new CliError(
    `port ${error.port} is in use, and ${NAMES[error.who]} needs it; choose another by ${FLAGS[error.who]} N (0 takes a free one)`,
  )
}
