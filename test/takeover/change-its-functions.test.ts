import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { AwsError, type Intercept } from '@ticketing/local-aws'
import { expect, it } from 'vitest'
import { SECRET, startStackCloud } from '../cli/stack-cloud.ts'
import { deployOlderSystem } from '../support/older-system.ts'

const REGION = 'eu-west-2'

it('the runtime of its functions, which Lambda has retired, is changed before their code', async () => {
  const { run, clients, intercept } = await startStackCloud({ region: REGION })
  intercept(retirePython())
  const place = { prefix: 'acme', region: REGION, accountId: '000000000000' }
  await deployOlderSystem(clients, { ...place, secret: SECRET, runtime: 'python3.8' })
  const plan = await run('plan')
  expect(plan.output).toContain('runtime: python3.8 -> nodejs24.x')
  expect(await run('up')).toMatchObject({ code: 0 })
  for (const FunctionName of ['acme-LP', 'acme-MP', 'acme-HP']) {
    const is = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
    expect(is).toMatchObject({ Runtime: 'nodejs24.x', Handler: 'index.handler', Architectures: ['arm64'] })
  }
  expect((await run('plan')).said.at(-1)).toMatch(/^nothing to change/)
})

it('its functions are stopped before anything is changed: they lose what they cannot deliver', async () => {
  const { run, clients, calls } = await startStackCloud({ region: REGION })
  const place = { prefix: 'acme', region: REGION, accountId: '000000000000' }
  await deployOlderSystem(clients, { ...place, secret: SECRET, runtime: 'nodejs20.x' })
  const before = calls.length
  expect(await run('up')).toMatchObject({ code: 0 })
  const changing = calls.slice(before).filter((call) => !/:(Get|List|Head)/.test(call))
  const update = 'lambda:UpdateEventSourceMapping'
  expect(changing.slice(0, 3)).toEqual([update, update, update])
  expect(changing.slice(3).filter((call) => call === update)).toHaveLength(3)
})

it('what a takeover needs an administrator for is named with the command', async () => {
  const { run, clients, intercept } = await startStackCloud({ region: REGION })
  const place = { prefix: 'acme', region: REGION, accountId: '000000000000' }
  await deployOlderSystem(clients, { ...place, secret: SECRET, runtime: 'nodejs20.x' })
  intercept(async ({ operation }, _input, answer) => {
    if (operation === 'UpdateAssumeRolePolicy' || operation === 'DeletePolicy')
      throw new AwsError('AccessDenied', `not authorized to perform: iam:${operation}`)
    return answer()
  })
  const refused = await run('up')
  expect(refused.code).toBe(1)
  expect(refused.output).toContain('Only an administrator of the account may: aws iam update-assume-role-policy')
  intercept(undefined)
  expect(await run('up')).toMatchObject({ code: 0 })
  expect((await run('plan')).said.at(-1)).toMatch(/^nothing to change/)
})

/** As AWS answers today: it made such functions once, runs them, and takes neither their code nor new ones. */
function retirePython(): Intercept {
  const python = new Set<unknown>()
  return async ({ operation }, input, answer) => {
    const name = input['FunctionName']
    if (operation === 'CreateFunction' && input['Runtime'] === 'python3.8') {
      python.add(name)
      return answer({ ...input, Runtime: 'nodejs20.x' })
    }
    if (!python.has(name)) return answer()
    if (operation === 'UpdateFunctionCode')
      throw new AwsError(
        'InvalidParameterValueException',
        'The runtime parameter of python3.8 is no longer supported for creating or updating AWS Lambda functions.',
      )
    if (operation === 'UpdateFunctionConfiguration' && input['Runtime'] !== undefined) python.delete(name)
    const output = await answer()
    if (operation !== 'GetFunction') return output
    return { ...output, Configuration: { ...Object(output['Configuration']), Runtime: 'python3.8' } }
  }
}
