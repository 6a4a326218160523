import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { loadBundles, releaseOf } from '@ticketing/lambdas'
import { operatorPolicy, serverPolicy } from '@ticketing/stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DoctorBed, startDoctorBed } from './doctor-bed.ts'
import { ofAws, ofResources, ofSecrets } from './faults-of-aws.ts'
import { ofAddress, ofTickets, ofVendors } from './faults-of-others.ts'
import { SCOPE } from './plant.ts'

const FAULTS = [...ofAws, ...ofSecrets, ...ofResources, ...ofVendors, ...ofAddress, ...ofTickets]

let bed: DoctorBed
beforeAll(async () => {
  bed = await startDoctorBed(async () => releaseOf(await loadBundles()))
})
afterAll(() => bed[Symbol.asyncDispose]())

describe('a healthy deployment', () => {
  it('has nothing that is wrong, and everything is known', async () => {
    const { code, lines } = await bed.examine()
    expect(lines.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(code).toBe(0)
  })

  it('is said for people in one line each, without a secret', async () => {
    const { output, code } = await bed.run(['doctor', '--public-url', bed.server.url])
    expect(output).toMatch(/^ok {5}credentials: account 000000000000, region us-east-1/m)
    expect(output).toMatch(/^ok {5}mapping acme-LP -> acme-LP: as it should be$/m)
    expect(output).toMatch(/^nothing is wrong$/m)
    const { trello, slack, slackWebhookUrl } = bed.vendors
    for (const secret of [trello.key, trello.token, trello.apiSecret, slack.signingSecret, slackWebhookUrl])
      expect(output).not.toContain(secret)
    expect(code).toBe(0)
  })

  it('makes no ticket, posts nothing, changes no resource, and binds no token to a team', async () => {
    const before = await bed.run(['tokens', 'list'])
    await bed.examine()
    expect(bed.vendors.slack.messages).toEqual([])
    expect(bed.vendors.trello.cards).toEqual([])
    expect(before.output).toContain('no team yet')
    expect((await bed.run(['tokens', 'list'])).output).toBe(before.output)
    expect((await bed.run(['up'])).output).toContain('nothing to change')
  })

  it('is seen by an operator, who needs no other permission', async () => {
    const clients = await bed.clientsFor(operatorPolicy(SCOPE))
    const { lines } = await bed.examine([], { clients })
    expect(lines.filter(({ status }) => status === 'wrong')).toEqual([])
    expect(lines.find(({ name }) => name === 'permissions')).toMatchObject({
      status: 'not-checked',
      text: expect.stringContaining('reading was tried and is allowed'),
    })
  })

  it.each(['operator', 'server'] as const)('has a %s with all permissions of the policy, as IAM says', async (role) => {
    const { Version, Statement } = { operator: operatorPolicy, server: serverPolicy }[role](SCOPE)
    const ask = { Sid: 'Ask', Effect: 'Allow', Action: ['iam:SimulatePrincipalPolicy'], Resource: ['*'] } as const
    const clients = await bed.clientsFor({ Version, Statement: [...Statement, ask] })
    const { lines } = await bed.examine(['--as', role], { clients })
    expect(lines.find(({ name }) => name === 'permissions')).toMatchObject({ status: 'ok' })
  })

  it('has a server with too few permissions: said by name', async () => {
    const { Version, Statement } = serverPolicy(SCOPE)
    const clients = await bed.clientsFor({ Version, Statement: Statement.filter(({ Sid }) => Sid !== 'Objects') })
    const { lines } = await bed.examine(['--as', 'server'], { clients })
    expect(lines.find(({ name }) => name === 'permissions')).toMatchObject({
      status: 'wrong',
      text: expect.stringContaining('s3:GetObject on arn:aws:s3:::acme-bucket/cases/*'),
    })
  })

  it('has an address on AWS where line 1 is a function: its resources are looked at, and init knows the address', async () => {
    expect(await bed.run(['up', '--intake', 'lambda'])).toMatchObject({ code: 0 })
    const { lines } = await bed.examine()
    expect(lines.filter(({ status }) => status === 'wrong')).toEqual([])
    for (const name of ['function acme-IN', 'url acme-IN', 'schedule acme-IN-Sweep'])
      expect(lines.find((line) => line.name === name)).toMatchObject({ status: 'ok' })
    const { said } = await bed.run(['init', '--json'])
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ address: expect.stringContaining('/_lambda/url/'), written: [] })
    expect(await bed.run(['up', '--intake', 'server'])).toMatchObject({ code: 0 })
  })

  it('is not looked at where the command line is wrong', async () => {
    expect(await bed.run(['doctor', '--as', 'root'])).toMatchObject({ code: 2 })
    expect(await bed.run(['doctor', '--quiet'])).toMatchObject({ code: 2 })
  })
})

describe('a planted fault is found by name, and no other check is red', () => {
  it.each(FAULTS)('$what', async ({ plant, wrong }) => {
    const { args = [], options, undo } = await plant(bed)
    try {
      const { code, lines } = await bed.examine(args, options)
      const red = lines.filter(({ status }) => status === 'wrong')
      expect(red.map(({ name }) => name).toSorted(), JSON.stringify(red)).toEqual([...wrong].toSorted())
      expect(red.every(({ text, fix = '' }) => text !== '' && fix !== '')).toBe(true)
      expect(code).toBe(1)
    } finally {
      await undo?.()
    }
  })

  it('without a secret that was put into the environment of a function by hand', async () => {
    const { lambda } = bed.clients
    const FunctionName = 'acme-LP'
    const { Environment: before } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
    const { trello } = bed.vendors
    const Variables = { ...before?.Variables, TICKETING_LOG_LEVEL: trello.token, OWN_KEY: trello.key }
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }))
    try {
      const { output } = await bed.run(['doctor', '--public-url', bed.server.url])
      const { lines } = await bed.examine()
      for (const text of [output, JSON.stringify(lines)]) {
        expect(text).toContain('environment TICKETING_LOG_LEVEL is [secret], not info')
        for (const secret of [trello.token, trello.key]) expect(text).not.toContain(secret)
      }
    } finally {
      await bed.run(['up'])
    }
  })

  it('and is gone once it was put right', async () => {
    const { lines } = await bed.examine()
    expect(lines.filter(({ status }) => status !== 'ok')).toEqual([])
  })

  it('by more than 25 of them', () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(25)
  })
})
