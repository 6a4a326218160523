import { tmpdir } from 'node:os'
import { operatorPolicy } from '@ticketing/stack'
import { expect, test } from 'vitest'
import { buildTicket } from '../delivery/messages.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { openAccount, SCOPE } from './account.ts'
import { bury } from './operate.ts'

test('every command of an operator runs with the operator policy', async () => {
  await using account = await openAccount()
  const aws = await account.optionsFor(operatorPolicy(SCOPE))
  const ticketing = (...args: readonly string[]): ReturnType<typeof runInProcess> =>
    runInProcess(args, { cwd: tmpdir(), env: { AWS_ENDPOINT_URL: aws.endpoint }, aws })
  const ticket = buildTicket('medium')
  const commands = [
    ['up'],
    ['up'],
    ['status', ticket.id],
    ['dead-letters', 'list'],
    ['dead-letters', 'show', ticket.id],
    ['dead-letters', 'export'],
    ['dead-letters', 'redrive', ticket.id],
    ['down'],
    ['down', '--delete-data'],
  ]
  for (const [number, command] of commands.entries()) {
    if (number === 2) await bury(account.root, ticket)
    expect(await ticketing(...command), command.join(' ')).toMatchObject({ code: 0 })
  }
})
