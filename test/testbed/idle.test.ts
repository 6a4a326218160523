import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { startTestbed } from '@ticketing/testbed'
import { expect, it } from 'vitest'
import { acceptedId } from '../support/bed.ts'

const FORM = { title: 'After a quiet day', priority: 'medium', description: 'Nobody wrote before.' }

it('an idle testbed has no timers, for however long', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.clock.advance('1m')
  expect([bed.clock.pending, await bed.clock.advanceToNext()]).toEqual([0, false])

  await bed.clock.advance('3650d')
  const sentAt = bed.clock.now()
  const id = acceptedId(await bed.teams.send(FORM))
  await bed.clock.runUntilQuiet()
  expect(bed).toHaveDelivered(id, { trello: 1 })
  expect(bed.clock.now() - sentAt).toBeLessThan(1_000)
})

it('a fault of the polls that is added later hits the next poll, and later messages are delivered', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.clock.advance('1h')
  const fault = bed.faults.add({ at: 'sqs.receiveMessage', kind: 'throttled', times: 2 })
  await bed.clock.settle()
  expect(fault.fired).toBe(2)
  await bed.clock.advance('1m')
  expect(bed.clock.pending).toBe(0)

  await bed.teams.send(FORM)
  await bed.clock.runUntilQuiet()
  expect(bed.trello.cards).toHaveLength(1)
})

it('a permission that a function loses fails its next poll, and delivery continues when it is back', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.clock.advance('1h')
  const { iam } = bed.clients
  const RoleName = 'test-MP-Role'
  const { PolicyNames: [PolicyName] = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
  const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
  await bed.journal.until({ source: 'note', kind: 'sqs.ReceiveMessage answered AccessDenied' }, { timeoutMs: 0 })

  await bed.teams.send(FORM)
  await bed.clock.advance('10m')
  expect(bed.trello.cards).toHaveLength(0)
  const given = { RoleName, PolicyName, PolicyDocument: decodeURIComponent(PolicyDocument ?? '') }
  await iam.send(new PutRolePolicyCommand(given))
  await bed.clock.runUntilQuiet()
  expect(bed.trello.cards).toHaveLength(1)
})
