import { createSettingReader, describeSettingProblem, publicAddressRule } from 'ticket-core'
import { CliError } from './cli-error.ts'
import { readDeploymentSettings } from './deployment-settings.ts'
import { readEnvFile } from './env-file.ts'
import type { Target } from './target.ts'
import type { CommandContext } from './command.ts'

/** The settings that say where the server is reached. */
const ADDRESS_SETTINGS = ['TICKETING_PUBLIC_URL', 'NGROK_DOMAIN', 'NGROK_AUTHTOKEN'] as const

/**
 * Where people of Teams, Trello and Slack reach the server: as given, else the running testbed's server, else
 * TICKETING_PUBLIC_URL, else NGROK_DOMAIN, both also from the folder's `.env`. Undefined: nothing says it.
 */
export async function findPublicAddress(
  given: string | undefined,
  target: Target,
  context: CommandContext,
): Promise<string | undefined> {
  const file = await readEnvFile(context.cwd)
  const settings = Object.fromEntries(ADDRESS_SETTINGS.map((name) => [name, context.env[name] || file[name]]))
  const { tunnel } = readDeploymentSettings(settings).settings
  const env = { TICKETING_PUBLIC_URL: settings['TICKETING_PUBLIC_URL'], '--public-url': given }
  const { read, problems } = createSettingReader(env)
  const rule = { ...publicAddressRule({ allowHttp: target.endpoint !== undefined }), fallback: undefined }
  const named = read('--public-url', rule) ?? target.running?.server ?? read('TICKETING_PUBLIC_URL', rule)
  if (problems.length > 0) throw new CliError(problems.map(describeSettingProblem).join('\n'), 2)
  return named ?? (tunnel && `https://${tunnel.domain}`)
}
