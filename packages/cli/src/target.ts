import { type Running, readRunning, stateDirectory } from './running-file.ts'
import { CliError } from './cli-error.ts'
import type { CommandContext } from './command.ts'

/** The options of every command that talks to an AWS. */
export const TARGET_OPTIONS = {
  endpoint: { type: 'string' },
  aws: { type: 'boolean' },
  region: { type: 'string' },
} as const

export const TARGET_HELP = `

Which AWS it talks to, first one wins:
  --endpoint URL      that address
  AWS_ENDPOINT_URL    that address
  --aws               real AWS, by the SDK's own credentials; refused beside one of the two above
                      (TICKETING_AWS=1, as in the image, means the same and gives way to them)
  (none of these)     the running \`ticketing dev\` of this folder
Further:
  --region NAME       the region (default: AWS_REGION; us-east-1 where it is not real AWS; refused beside \`dev\`,
                      which has one of its own)
  TICKETING_SECRET_ID the secret that names the system (default: ticketing-app)`

/** An AWS, and how to reach it. */
export interface Target {
  readonly kind: 'endpoint' | 'testbed' | 'aws'
  /** Absent for real AWS. */
  readonly endpoint?: string
  /** Absent: the SDK's own chain decides. */
  readonly region?: string
  readonly running?: Running
}

/** Options of the command line, as they were given. */
export interface TargetFlags {
  readonly endpoint?: string | undefined
  readonly aws?: boolean | undefined
  readonly region?: string | undefined
}

/** Decides which AWS a command uses. Real AWS only if the user says so. */
export async function findTarget({ endpoint, aws, region }: TargetFlags, context: CommandContext): Promise<Target> {
  const fromEnvironment = context.env['AWS_ENDPOINT_URL'] ?? ''
  const regionGiven = region ?? (context.env['AWS_REGION'] || undefined)
  // The image sets it: there is no testbed in an image.
  const isDeployment = context.env['TICKETING_AWS'] === '1' && endpoint === undefined && fromEnvironment === ''
  if (aws || isDeployment) {
    if (endpoint !== undefined) throw new CliError('--aws and --endpoint exclude each other: choose one', 2)
    // The SDK would use the variable, and `--aws` would not reach the real AWS.
    if (fromEnvironment !== '')
      throw new CliError(`--aws: AWS_ENDPOINT_URL is set to ${fromEnvironment}; unset it to reach the real AWS`, 2)
    return { kind: 'aws', ...(regionGiven !== undefined && { region: regionGiven }) }
  }
  const running = await readRunning(stateDirectory(context.cwd))
  const testbed = running && ({ kind: 'testbed', endpoint: running.cloud, region: running.region, running } as const)
  const given = endpoint ?? fromEnvironment
  if (endpoint === undefined && given === '') {
    if (testbed) return inItsRegion(testbed, region)
    throw new CliError(
      'nothing to talk to: no testbed runs in this folder. Start one in another terminal (npx -y pnpm@12 dev), or name an endpoint (--endpoint URL), or say --aws for the real one',
    )
  }
  const url = readAddress(endpoint === undefined ? 'AWS_ENDPOINT_URL' : '--endpoint', given)
  // The testbed's own address, as its hints print it, is the testbed too: with its Trello and its team.
  if (testbed && url === testbed.endpoint) return inItsRegion(testbed, region)
  return { kind: 'endpoint', endpoint: url, region: regionGiven ?? 'us-east-1' }
}

/** Refuses another region on the command line. AWS_REGION is ignored: it may be set for another purpose. */
function inItsRegion(testbed: Target, region: string | undefined): Target {
  if (region === undefined || region === testbed.region) return testbed
  throw new CliError(
    `--region ${region}: the testbed of this folder is in ${testbed.region}; leave --region out, or name another AWS by --endpoint URL or --aws`,
    2,
  )
}

/** An http(s) address without its trailing slash. */
export function readAddress(name: string, text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
  throw new CliError(`${name}: expected an address such as http://127.0.0.1:4566, got "${text}"`, 2)
}

/** Makes commands for people to copy: they use the same AWS as the command that prints them. */
export type Hint = (words: string) => string

export function hintFor({ endpoint, aws, region }: TargetFlags): Hint {
  const same = [
    ...(aws ? ['--aws'] : []),
    ...(endpoint === undefined ? [] : ['--endpoint', endpoint]),
    ...(region === undefined ? [] : ['--region', region]),
  ]
  return (words) => ['npx -y pnpm@12 ticketing', words, ...same].join(' ')
}
