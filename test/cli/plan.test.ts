import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { makeFolder } from './start-command.ts'
import { SECRET, TOKEN, startStackCloud } from './stack-cloud.ts'

const DEBUG = { AWS_ENDPOINT_URL: 'http://cloud.internal', TICKETING_LOG_LEVEL: 'debug' }

it('plan shows what up would make, up makes it, and the next plan is empty', async () => {
  const { run, calls } = await startStackCloud()
  const first = await run('plan')
  expect(first).toMatchObject({ code: 0 })
  expect(first.said[0]).toBe('account 000000000000, region us-east-1, prefix acme at http://cloud.internal')
  expect(first.said).toContain('  create queue acme-LP: it does not exist')
  expect(first.said.at(-1)).toBe('plan: 26 to create, 0 to change, 0 to keep')
  expect(calls.filter((call) => !/:(Get|List|Head|Describe)/.test(call))).toEqual([])
  expect(await run('up')).toMatchObject({ code: 0 })
  expect((await run('plan')).said.at(-1)).toBe('nothing to change: 26 resources are as they should be')
})

it('with --detailed-exitcode says by its exit code whether there is something to change', async () => {
  const { run } = await startStackCloud()
  expect(await run('plan --detailed-exitcode')).toMatchObject({ code: 2 })
  await run('up')
  expect(await run('plan --detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await run('plan --detailed-exitcode', { env: DEBUG })).toMatchObject({ code: 2 })
  const wrong = { env: { ...DEBUG, TICKETING_LOG_LEVEL: 'loud' } }
  expect(await run('plan --detailed-exitcode', wrong)).toMatchObject({ code: 1 })
  expect(await run('plan --detailed-exitcode --unknown')).toMatchObject({ code: 1 })
})

it('shows each field that changes, from what to what, and why', async () => {
  const { run, clients } = await startStackCloud()
  await run('up')
  await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Timeout: 3 }))
  const { said } = await run('plan', { env: DEBUG })
  const at = said.indexOf('  update function acme-HP: another code, setting, secret or version than when it was made')
  expect(said.slice(at + 1, at + 3)).toEqual([
    '      timeout: 3 -> 30',
    '      environment TICKETING_LOG_LEVEL: info -> debug',
  ])
})

it('a changed value of the secret changes nothing in AWS: the functions read it when they run', async () => {
  const { run, changeSecret } = await startStackCloud()
  await run('up')
  await changeSecret({ SLACK_URL: 'https://slack.test/services/T0/B0/another', TRELLO_API_TOKEN: 'another-token' })
  expect((await run('plan')).said.at(-1)).toMatch(/^nothing to change/)
})

it('a kept plan is done by up, and refused once it is not what would happen', async () => {
  await using folder = await makeFolder()
  const { run, clients } = await startStackCloud()
  const here = { cwd: folder.path }
  const kept = await run('plan --out first.json', here)
  expect(kept.said.at(-1)).toBe('kept in first.json; to do just this: npx -y pnpm@12 ticketing up --plan first.json')
  expect(await run('up --plan first.json', here)).toMatchObject({ code: 0 })
  const again = await run('up --plan first.json', here)
  expect(again.code).toBe(1)
  expect(again.output).toContain('queue acme-LP: the plan changes it, and nothing has to change any more')
  await run('plan --out second.json', { ...here, env: DEBUG })
  await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Timeout: 3 }))
  const changed = await run('up --plan second.json', { ...here, env: DEBUG })
  expect(changed.output.match(/^.*acme-\S+: the plan/gm)).toEqual(['ticketing up: function acme-HP: the plan'])
  expect(changed.code).toBe(1)
  expect(await run('plan --out first.json', here)).toMatchObject({
    code: 1,
    output: expect.stringContaining('--out: first.json is there already'),
  })
})

it('with --json prints the plan, and nothing else, to standard output', async () => {
  const { run } = await startStackCloud()
  const { said } = await run('plan --json')
  expect(said).toHaveLength(1)
  const plan: unknown = JSON.parse(said[0] ?? '')
  expect(plan).toMatchObject({ v: 1, accountId: '000000000000', region: 'us-east-1', prefix: 'acme', kept: [] })
  expect(plan).toHaveProperty('changes.0.resource', { kind: 'queue', name: 'acme-DLQ' })
})

it('shows no secret, not even one that was put into the environment of a function by hand', async () => {
  await using folder = await makeFolder()
  const { run, clients } = await startStackCloud()
  await run('up')
  const Variables = {
    TICKETING_LOG_LEVEL: SECRET.TRELLO_API_TOKEN,
    TICKETING_GIVE_UP_AFTER: TOKEN,
    MINE: SECRET.SLACK_URL,
  }
  await clients.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Environment: { Variables } }),
  )
  const shown = await run('plan --out plan.json', { cwd: folder.path })
  const kept = await readFile(join(folder.path, 'plan.json'), 'utf8')
  for (const text of [shown.output, kept]) {
    expect(text).toContain('environment TICKETING_LOG_LEVEL')
    for (const hidden of [SECRET.TRELLO_API_TOKEN, TOKEN, 'secret-path']) expect(text).not.toContain(hidden)
  }
})
