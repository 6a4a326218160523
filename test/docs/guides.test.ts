import { readFileSync } from 'node:fs'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { makeFolder } from '../cli/start-command.ts'
import { SECRET, startStackCloud, TOKEN, type StackCloud } from '../cli/stack-cloud.ts'
import { deployOlderSystem } from '../support/older-system.ts'

/** What a guide's command does, with what people do before it by hand. */
interface Step {
  readonly before?: (cloud: StackCloud) => Promise<unknown>
  readonly env?: Readonly<Record<string, string>>
  readonly code?: number
  readonly says: string
}

const DEBUG = { TICKETING_LOG_LEVEL: 'debug' }
const NOTHING = 'nothing to change'
const BUILT: Step = { says: '' }

it('docs/guides/changing.md: its commands do what it says, in its order', () =>
  expectToWork('changing', {
    region: 'eu-central-1',
    begin: ({ run }) => run('up'),
    steps: [
      { says: NOTHING },
      {
        before: ({ changeSecret }) => changeSecret({ SLACK_URL: 'https://slack.test/services/T0/B0/other' }),
        says: NOTHING,
      },
      { env: DEBUG, says: 'environment TICKETING_LOG_LEVEL: info -> debug' },
      { env: DEBUG, says: '6 changes' },
      BUILT,
      { says: 'kept in release.json' },
      { says: '6 changes' },
      { says: 'arn:aws:s3:::acme-bucket' },
      {
        before: ({ changeSecret }) => changeSecret({ PREFIX: 'desk', BUCKET: 'acme-bucket' }),
        says: 'left behind: the stack of the prefix acme',
      },
      { says: 'then remove what is left' },
      { says: 'left bucket acme-bucket: it belongs to the stack of the prefix desk' },
      { before: (cloud) => createSecrets(cloud, 'eu-west-1', 'west'), says: 'changes in' },
      { before: (cloud) => keepObject(cloud), code: 1, says: 'bucket acme-bucket: it holds objects (1)' },
      { says: 'left bucket acme-bucket' },
    ],
  }))

it('docs/guides/leaving.md: its commands do what it says, in its order', () =>
  expectToWork('leaving', {
    region: 'eu-central-1',
    begin: ({ run }) => run('up'),
    steps: [
      { says: 'tickets.jsonl' },
      { says: '' },
      { before: (cloud) => keepObject(cloud), code: 1, says: 'bucket acme-bucket: it holds objects (1)' },
      { says: 'left bucket acme-bucket' },
      { says: 'removed bucket acme-bucket' },
    ],
  }))

it('docs/guides/older-system.md: its commands do what it says, in its order', () =>
  expectToWork('older-system', {
    region: 'eu-west-2',
    begin: ({ clients }) => {
      const place = { prefix: 'acme', region: 'eu-west-2', accountId: '000000000000' }
      return deployOlderSystem(clients, { ...place, secret: SECRET, runtime: 'nodejs20.x' })
    },
    steps: [
      BUILT,
      { says: 'it exists without our tags' },
      { says: 'changes in' },
      { says: NOTHING },
      { code: 1, says: 'bucket acme-bucket: it holds objects (1)' },
      { says: 'left bucket acme-bucket' },
    ],
  }))

interface Story {
  readonly region: string
  readonly begin: (cloud: StackCloud) => Promise<unknown>
  readonly steps: readonly Step[]
}

/** Runs the commands of a guide one after the other, on an AWS in this process in place of the real one. */
async function expectToWork(name: string, { region, begin, steps }: Story): Promise<void> {
  await using folder = await makeFolder()
  const cloud = await startStackCloud({ region })
  await begin(cloud)
  const commands = commandsOf(name)
  expect(commands).toHaveLength(steps.length)
  for (const [number, step] of steps.entries()) {
    const command = commands[number] ?? ''
    await step.before?.(cloud)
    if (command === 'bundle') continue
    const words = command.replace(/^ticketing /, '').replace(/ --aws --region \S+$/, '')
    const where = / --aws --region (\S+)$/.exec(command)?.[1] ?? region
    const env = { AWS_ENDPOINT_URL: 'http://cloud.internal', AWS_REGION: where, ...step.env }
    const done = await cloud.run(words, { cwd: folder.path, env, clients: cloud.clientsIn(where) })
    expect(done.output, command).toContain(step.says)
    expect(done.code, `${command}\n${done.output}`).toBe(step.code ?? 0)
  }
}

/** What stands after `npx -y pnpm@12` in a guide's blocks for a shell. */
function commandsOf(name: string): string[] {
  const text = readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8').replaceAll('\r\n', '\n')
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/^npx -y pnpm@12 /, '')),
  )
}

async function createSecrets({ clientsIn }: StackCloud, region: string, PREFIX: string): Promise<void> {
  for (const [Name, values] of [
    ['ticketing-app', { ...SECRET, PREFIX }],
    ['ticketing-app-intake', { TEAMS_HMAC_SECRET: TOKEN }],
  ] as const)
    await clientsIn(region).secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(values) }))
}

async function keepObject({ clients }: StackCloud): Promise<void> {
  const object = { Bucket: 'acme-bucket', Key: 'ledger/low/T-1.json', Body: '{}', IfNoneMatch: '*' }
  await clients.s3.send(new PutObjectCommand(object))
}
