import type { CommandContext } from '../command.ts'

/** Prints the addresses and the commands to use them. Each command works as printed, in the named shell. */
export function showAddresses(
  addresses: { server: string; cloud: string; trello: string; slack: string; workflows: string },
  context: CommandContext,
): void {
  const lines = [
    '',
    `server  ${addresses.server}   POST / as Teams does; /health /ready /metrics`,
    `cloud   ${addresses.cloud}   an AWS, for the AWS CLI and every SDK`,
    `Trello  ${addresses.trello}   open it: every card, whole`,
    `Slack   ${addresses.slack}   open it: every message, whole`,
    `Teams   ${addresses.workflows}   open it: every card of news`,
    '',
    'Send more, from another terminal in this folder:',
    '  npx -y pnpm@12 ticketing send --title "Login is slow" --priority high --description "It takes 20 s."',
    `Look into the cloud (${context.isWindows ? 'PowerShell' : 'sh'}; any credentials will do):`,
    ...describeEnvironment(addresses.cloud, context).map((line) => `  ${line}`),
    `  aws --endpoint-url ${addresses.cloud} sqs list-queues`,
    'Ctrl-C stops; what was delivered is kept in .ticketing/ (dev --fresh deletes it)',
  ]
  for (const line of lines) context.print(line)
}

/**
 * Version 1 of the AWS CLI reads only AWS_DEFAULT_REGION; the SDKs read AWS_REGION. It ignores AWS_ENDPOINT_URL for SQS
 * (tried with 1.46.3), so its line names the address again.
 */
function describeEnvironment(cloud: string, { isWindows }: CommandContext): string[] {
  const groups = [
    [['AWS_ENDPOINT_URL', cloud]],
    [
      ['AWS_REGION', 'us-east-1'],
      ['AWS_DEFAULT_REGION', 'us-east-1'],
    ],
    [
      ['AWS_ACCESS_KEY_ID', 'test'],
      ['AWS_SECRET_ACCESS_KEY', 'test'],
    ],
  ] as const
  return groups.map((pairs) =>
    isWindows
      ? pairs.map(([name, value]) => `$env:${name}='${value}'`).join('; ')
      : `export ${pairs.map(([name, value]) => `${name}=${value}`).join(' ')}`,
  )
}
