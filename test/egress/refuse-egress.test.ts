import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { loadBundles } from '@ticketing/lambdas'
import { startTestbed, type Testbed } from '@ticketing/testbed'
import { installEgressGuard, type EgressAttempt } from '@ticketing/testbed/egress'
import { describe, expect, it } from 'vitest'
import { acceptedId, recordOf } from '../support/bed.ts'
import { runPlanted } from '../support/run-planted.ts'

describe('a test that asks another machine', () => {
  it('fails although it swallows the refusal, names who asked, and leaves its neighbours alone', async () => {
    const run = await runPlanted('test/egress/planted/asks-the-world.planted.ts')
    expect(run.code).toBe(1)
    expect(run.messagesOf('swallows the refusal')).toContain('192.0.2.1:80, asked by askCarelessly (')
    expect(run.messagesOf('swallows the refusal')).toContain('asks-the-world.planted.ts:5:')
    expect(run.messagesOf('is charged with what its hook asked')).toContain('192.0.2.2:80, asked by askCarelessly (')
    expect(run.statusOf('asks nobody')).toBe('passed')
  })
})

/** What was refused while a function of this bed had a Slack webhook on another machine. */
async function askAnotherMachine(bed: Testbed): Promise<readonly EgressAttempt[]> {
  const { secretsManager } = bed.clients
  const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId: bed.secretId }))
  const secret = { ...(JSON.parse(SecretString) as object), SLACK_URL: 'https://hooks.example.com/services/T0/B0/x' }
  await secretsManager.send(new PutSecretValueCommand({ SecretId: bed.secretId, SecretString: JSON.stringify(secret) }))
  const id = acceptedId(await bed.teams.send({ title: 'To another machine', priority: 'high', description: 'No.' }))
  await recordOf(bed, id, 'waiting')
  return installEgressGuard().take()
}

describe('a function that would call a vendor on the network', () => {
  it('is refused in a process of its own, and named', async () => {
    await using bed = await startTestbed({ bundles: await loadBundles() })
    const attempts = await askAnotherMachine(bed)
    expect(new Set(attempts.map(({ origin }) => origin))).toEqual(new Set(['hooks.example.com:443']))
    expect(attempts[0]).toMatchObject({ process: 'the function test-HP', caller: expect.stringContaining('index.mjs') })
  })

  it('is refused on the virtual clock, in this process, and its caller is named', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const attempts = await askAnotherMachine(bed)
    expect(new Set(attempts.map(({ origin }) => origin))).toEqual(new Set(['https://hooks.example.com']))
    expect(attempts[0]?.caller).toMatch(/call-vendor\.ts|post-message\.ts/)
  })
})
