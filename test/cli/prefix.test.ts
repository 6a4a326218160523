import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { AwsError } from '@ticketing/local-aws'
import { expect, it } from 'vitest'
import { SECRET, startStackCloud, TOKEN, type StackCloud } from './stack-cloud.ts'

// What becomes of tickets when the prefix is changed: test/cli/prefix-change.test.ts

it('a changed PREFIX makes no second stack: up and a managing server refuse, and change nothing', async () => {
  const { run, calls } = await startWithStack('other')
  const before = calls.length
  const up = await run('up')
  expect(up.code).toBe(1)
  expect(up.output).toContain(
    'secret ticketing-app: its PREFIX is other, and the stack that it made has the prefix acme. Nothing was changed. ' +
      'To go on with the prefix other: put BUCKET=acme-bucket into the secret (a bucket cannot be renamed, and it holds what is known of every ticket), ' +
      'then npx -y pnpm@12 ticketing up --from-prefix acme. To go back: set PREFIX to acme. ' +
      'A second system needs a secret of its own (TICKETING_SECRET_ID).',
  )
  const server = await run('server --port 0', {
    env: { AWS_ENDPOINT_URL: 'http://cloud.internal', AWS_REGION: 'us-east-1', TICKETING_MANAGE: '1' },
  })
  expect(server.code).toBe(1)
  expect(server.output).toContain('its PREFIX is other, and the stack that it made has the prefix acme.')
  expect(calls.slice(before).filter((call) => !/:(Get|List|Head)/.test(call))).toEqual([])
})

it('the stack of an earlier prefix is shown by plan, with what waits in it', async () => {
  const { run } = await startWithStack('other')
  const { said } = await run('plan')
  const at = said.indexOf('left behind: the stack of the prefix acme')
  expect(said.slice(at).map((line) => line.trim())).toEqual([
    'left behind: the stack of the prefix acme',
    ...['DLQ', 'EVQ', 'HP', 'LP', 'MP', 'NQ'].map((stem) => `queue acme-${stem}: empty`),
    'bucket acme-bucket',
    'to remove it: npx -y pnpm@12 ticketing down --prefix acme',
  ])
  const json: unknown = JSON.parse((await run('plan --json')).said[0] ?? '')
  expect(json).toMatchObject({ left: [{ prefix: 'acme', bucket: 'acme-bucket', hasBucket: true }] })
})

it('--from-prefix wants the bucket kept, and a prefix that is there', async () => {
  const { run, changeSecret } = await startWithStack('other')
  expect((await run('up --from-prefix acme')).output).toContain('put BUCKET=acme-bucket into the secret')
  await changeSecret({ BUCKET: 'acme-bucket' })
  const wrong = await run('up --from-prefix acne')
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('These are there: acme.') })
  expect(await run('up --from-prefix acme')).toMatchObject({ code: 0 })
  // Interrupted or not: it may be run again, before and after the old one is gone.
  expect(await run('up --from-prefix acme')).toMatchObject({ code: 0 })
  expect(await run('down --prefix acme')).toMatchObject({ code: 0 })
  const again = await run('up --from-prefix acme')
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('nothing is left of the prefix acme') })
})

it('changed once more, the prefix keeps the same bucket', async () => {
  const { run, changeSecret } = await startWithStack('second')
  await changeSecret({ BUCKET: 'acme-bucket' })
  await run('up --from-prefix acme')
  await changeSecret({ PREFIX: 'third', BUCKET: undefined })
  expect((await run('up --from-prefix second')).output).toContain('put BUCKET=acme-bucket into the secret')
  await changeSecret({ BUCKET: 'acme-bucket' })
  expect(await run('up --from-prefix second')).toMatchObject({ code: 0 })
})

it('another system in the same account, with a secret of its own, is none of this one', async () => {
  const { run, clients } = await startWithStack('acme')
  for (const [Name, values] of [
    ['other-app', { ...SECRET, PREFIX: 'other' }],
    ['other-app-intake', { TEAMS_HMAC_SECRET: TOKEN }],
  ] as const)
    await clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(values) }))
  const other = {
    env: { AWS_ENDPOINT_URL: 'http://cloud.internal', AWS_REGION: 'us-east-1', TICKETING_SECRET_ID: 'other-app' },
  }
  expect(await run('up', other)).toMatchObject({ code: 0 })
  for (const options of [{}, other]) expect((await run('plan', options)).output).not.toContain('left behind')
})

it('goes on where it may not look for other stacks, and says so', async () => {
  const { run, intercept } = await startStackCloud()
  intercept(async ({ operation }, _input, answer) => {
    if (operation === 'ListQueues') throw new AwsError('AccessDenied', 'not authorized')
    return answer()
  })
  const { output, code } = await run('up')
  expect(output).toContain('note: whether there is a stack of another prefix could not be found out')
  expect(code).toBe(0)
})

it('makes nothing where AWS does not say whether there is another stack', async () => {
  const { run, intercept, calls } = await startStackCloud()
  intercept(async ({ operation }, _input, answer) => {
    if (operation === 'ListQueues') throw new AwsError('InternalError', 'try again')
    return answer()
  })
  const { output, code } = await run('up')
  expect(output).toContain('InternalError')
  expect(code).not.toBe(0)
  expect(calls.filter((call) => call.endsWith(':CreateQueue'))).toEqual([])
})

it('another region is refused: it says where the stack is, and changes nothing', async () => {
  const { run, calls, clientsIn } = await startWithStack('acme')
  const clients = clientsIn('eu-central-1')
  const values = [
    ['ticketing-app', SECRET],
    ['ticketing-app-intake', { TEAMS_HMAC_SECRET: TOKEN }],
  ] as const
  for (const [Name, value] of values)
    await clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }))
  const before = calls.length
  const env = { AWS_ENDPOINT_URL: 'http://cloud.internal', AWS_REGION: 'eu-central-1' }
  for (const command of ['plan', 'up']) {
    const { code, output } = await run(command, { clients, env })
    expect(code).toBe(1)
    expect(output).toContain(
      'bucket acme-bucket: the bucket is in us-east-1, and this is eu-central-1. Nothing was changed.',
    )
    expect(output).toContain('(--region us-east-1)')
  }
  expect(calls.slice(before).filter((call) => !/:(Get|List|Head)/.test(call))).toEqual([])
})

/** A stack of the prefix acme, and a secret with another one. */
async function startWithStack(PREFIX: string): Promise<StackCloud> {
  const cloud = await startStackCloud()
  expect(await cloud.run('up')).toMatchObject({ code: 0 })
  await cloud.changeSecret({ PREFIX })
  return cloud
}
