import { GetFunctionConfigurationCommand, GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { startStackCloud } from './stack-cloud.ts'

const named = { FunctionName: 'acme-IN' }
const env = { AWS_ENDPOINT_URL: 'http://cloud.internal' }

it('up --intake lambda makes line 1 a function, and says what to paste into Teams', async () => {
  const { run, clients } = await startStackCloud()
  const first = await run('plan --intake lambda')
  expect(first.said).toContain('  create url acme-IN: it does not exist')
  expect(first.said).toContain('  create schedule acme-IN-Sweep: it does not exist')
  expect(first.said.at(-1)).toBe('plan: 30 to create, 0 to change, 0 to keep')
  const made = await run('up --intake lambda')
  expect(made).toMatchObject({ code: 0 })
  const { FunctionUrl = '' } = await clients.lambda.send(new GetFunctionUrlConfigCommand(named))
  const address = FunctionUrl.replace(/\/$/, '')
  expect(made.said.slice(-2)).toEqual([
    `line 1 answers at ${address}: paste it into Teams as the Callback URL of the outgoing webhook`,
    `where Trello or Slack call back: connect --public-url ${address}`,
  ])
  expect((await run('plan --intake lambda')).said.at(-1)).toBe('nothing to change: 30 resources are as they should be')
  const said = { env: { ...env, TICKETING_INTAKE: 'lambda' } }
  expect((await run('plan', said)).said.at(-1)).toBe('nothing to change: 30 resources are as they should be')
})

it('no up takes the address away from Teams without having been told to', async () => {
  const { run, clients } = await startStackCloud()
  await run('up --intake lambda')
  const { said } = await run('plan')
  expect(said).toContain('  remove url acme-IN: a server answers Teams, not a function')
  expect(said.at(-1)).toBe('plan: 0 to create, 0 to change, 4 to remove, 26 to keep')
  const refused = await run('up')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.output).toMatch(
    /ticketing up: url acme-IN: line 1 is a function here.*--intake lambda[\s\S]*--intake server/,
  )
  await clients.lambda.send(new GetFunctionUrlConfigCommand(named))
  const removed = await run('up --intake server')
  expect(removed).toMatchObject({ code: 0 })
  expect(removed.said).toContain('  remove url acme-IN')
  expect(removed.said).toContain('  remove schedule acme-IN-Sweep')
  expect((await run('plan')).said.at(-1)).toBe('nothing to change: 26 resources are as they should be')
})

it('the function gets the settings that a server has, checked as there', async () => {
  const { run, clients } = await startStackCloud()
  const settings = { TICKETING_ESCALATE_AFTER: '1h', TICKETING_MAX_AGE: '60', TICKETING_PORT: '80' }
  await run('up --intake lambda', { env: { ...env, ...settings, TICKETING_INTAKE_CONCURRENCY: '3' } })
  const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand(named))
  expect(Environment?.Variables).toEqual({
    TICKETING_BUCKET: 'acme-bucket',
    TICKETING_ESCALATE_AFTER: '1h',
    TICKETING_LOG_LEVEL: 'info',
    TICKETING_MAX_AGE: '60',
    TICKETING_PREFIX: 'acme',
    TICKETING_SECRET_ID: 'ticketing-app',
  })
  const wrong = { ...env, TICKETING_MAX_AGE: 'soon', TICKETING_INTAKE_CONCURRENCY: 'many' }
  const refused = await run('plan --intake lambda', { env: wrong })
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.output).toMatch(/TICKETING_INTAKE_CONCURRENCY.*many[\s\S]*TICKETING_MAX_AGE.*soon/)
  expect(await run('plan --intake cloud')).toMatchObject({ code: 2 })
})

it('down takes the function down too', async () => {
  const { run } = await startStackCloud()
  await run('up --intake lambda')
  const { said, code } = await run('down --delete-data')
  expect(code).toBe(0)
  for (const name of ['schedule acme-IN-Sweep', 'url acme-IN', 'function acme-IN', 'role acme-IN-Role'])
    expect(said).toContain(`  removed ${name}`)
})
