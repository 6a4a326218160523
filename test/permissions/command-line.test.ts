import { tmpdir } from 'node:os'
import { CreatePolicyCommand } from '@aws-sdk/client-iam'
import { boundaryPolicy, operatorPolicy, serverPolicy, setupPolicy, type StackClients } from '@ticketing/stack'
import { nameResources } from 'ticket-core'
import { expect, test } from 'vitest'
import { buildTicket } from '../support/records.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { openAccount, SCOPE } from './account.ts'
import { storeDeadTicket } from './store-letters.ts'

const { prefix, accountId, region } = SCOPE
const WHERE = ['--prefix', prefix, '--account', accountId, '--region', region]

/** An administrator does what `up` would ask for. */
async function makeBoundary({ iam }: StackClients, PolicyDocument: string): Promise<void> {
  await iam.send(new CreatePolicyCommand({ PolicyName: nameResources(prefix).boundary, PolicyDocument }))
}

test('every command of an operator runs with the operator policy', async () => {
  await using account = await openAccount()
  const clients = await account.clientsFor(operatorPolicy(SCOPE))
  const ticketing = (...args: readonly string[]): ReturnType<typeof runInProcess> =>
    runInProcess(args, { cwd: tmpdir(), env: { AWS_ENDPOINT_URL: 'http://cloud.internal' }, clients })
  const ticket = buildTicket('medium')
  await makeBoundary(account.root, (await ticketing('policy', 'boundary', ...WHERE)).output)
  const commands = [
    ['up'],
    ['up'],
    ['status', ticket.id],
    ['dead-letters', 'list'],
    ['dead-letters', 'show', ticket.id],
    ['dead-letters', 'export'],
    ['dead-letters', 'redrive', ticket.id],
    ['plan'],
    ['down', '--keep-data'],
    ['down', '--delete-data'],
  ]
  for (const [number, command] of commands.entries()) {
    if (number === 2) await storeDeadTicket(account.root, ticket)
    expect(await ticketing(...command), command.join(' ')).toMatchObject({ code: 0 })
  }
})

function print(...args: readonly string[]): ReturnType<typeof runInProcess> {
  return runInProcess(['policy', ...args], { cwd: tmpdir(), env: {} })
}

test('the policies are printed as they are tried here, and what is missing is named', async () => {
  for (const [name, policy] of [
    ['boundary', boundaryPolicy(SCOPE)],
    ['operator', operatorPolicy(SCOPE)],
    ['server', serverPolicy(SCOPE)],
    ['setup', setupPolicy(SCOPE)],
  ] as const) {
    expect(JSON.parse((await print(name, ...WHERE)).output), name).toEqual(policy)
    expect(JSON.parse((await print(name, '--format', 'json', ...WHERE)).output), name).toEqual(policy)
  }
  expect(await print('server', '--format', 'yaml', ...WHERE)).toMatchObject({ code: 2 })
  expect(await print('everything', ...WHERE)).toMatchObject({ code: 2 })
  const { code, output } = await print('operator', '--prefix', 'acme', '--account', '12')
  expect([code, output.trim()]).toEqual([
    2,
    `ticketing policy: --account is "12": it must be the account's number, 12 digits`,
  ])
})
