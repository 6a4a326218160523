import type { Running } from './running-file.ts'
import { readRunning, stateDirectory } from './running-file.ts'
import { CliError } from './cli-error.ts'
import type { World } from './world.ts'

/** The options of every command that talks to an AWS: which one. */
export const TARGET_OPTIONS = {
  endpoint: { type: 'string' },
  aws: { type: 'boolean' },
  region: { type: 'string' },
} as const

export const TARGET_HELP = `
Which AWS it talks to, first one wins:
  --endpoint URL      that address
  AWS_ENDPOINT_URL    that address
  (neither)           the running \`ticketing dev\` of this folder
  --aws               real AWS, by the SDK's own credentials`

/** An AWS to talk to, and how. */
export interface Target {
  readonly kind: 'endpoint' | 'testbed' | 'aws'
  /** Absent for real AWS. */
  readonly endpoint?: string
  /** Absent: the SDK's own chain decides. */
  readonly region?: string
  readonly running?: Running
}

/** Decides what a command talks to. Real AWS only when told so. */
export async function findTarget(
  { endpoint, aws, region }: { endpoint?: string | undefined; aws?: boolean | undefined; region?: string | undefined },
  world: World,
): Promise<Target> {
  if (aws && endpoint !== undefined) throw new CliError('--aws and --endpoint exclude each other: choose one', 2)
  const given = endpoint ?? (aws ? undefined : world.env['AWS_ENDPOINT_URL'])
  const regionGiven = region ?? world.env['AWS_REGION']
  if (given !== undefined && given !== '')
    return { kind: 'endpoint', endpoint: given, region: regionGiven ?? 'us-east-1' }
  if (aws) return { kind: 'aws', ...(regionGiven !== undefined && { region: regionGiven }) }
  const running = await readRunning(stateDirectory(world.cwd))
  if (running) return { kind: 'testbed', endpoint: running.cloud, region: running.region, running }
  throw new CliError(
    'nothing to talk to: no testbed runs in this folder. Start one in another terminal (npx -y pnpm@12 dev), or name an endpoint (--endpoint URL), or say --aws for the real one',
  )
}
