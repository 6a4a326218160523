import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { loadBundles } from '@ticketing/lambdas'
import { startTestbed } from '@ticketing/testbed'
import type { Testbed } from '@ticketing/testbed'
import { installEgressGuard } from '@ticketing/testbed/egress'
import type { EgressAttempt } from '@ticketing/testbed/egress'
import { describe, expect, it } from 'vitest'
import { acceptedId, recordOf } from '../support/bed.ts'

const CONFIG = fileURLToPath(new URL('./planted/vitest.config.ts', import.meta.url))
const VITEST = join(createRequire(import.meta.url).resolve('vitest/package.json'), '..', 'vitest.mjs')

describe('a test that asks another machine', () => {
  it('fails although it swallows the refusal, names who asked, and leaves its neighbours alone', async () => {
    const outputFile = join(tmpdir(), `planted-${process.pid}.json`)
    // Its guard is its own, so that its attempts are not charged to this test.
    const { NODE_OPTIONS: _ours, ...env } = process.env
    const args = [VITEST, 'run', '--config', CONFIG, '--reporter=json', `--outputFile=${outputFile}`]
    const [code] = (await once(spawn(process.execPath, args, { env, stdio: 'ignore' }), 'close')) as [number]
    const report = JSON.parse(await readFile(outputFile, 'utf8')) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
    }
    await rm(outputFile)
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    const told = (title: string): string => tests.find((each) => each.title === title)?.failureMessages.join('\n') ?? ''
    expect(code).toBe(1)
    expect(told('swallows the refusal')).toContain('192.0.2.1:80, asked by askCarelessly (')
    expect(told('swallows the refusal')).toContain('asks-the-world.planted.ts:5:')
    expect(told('is charged with what its hook asked')).toContain('192.0.2.2:80, asked by askCarelessly (')
    expect(tests.find(({ title }) => title === 'asks nobody')?.status).toBe('passed')
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
