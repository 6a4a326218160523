import { buildBundles } from '@ticketing/lambdas/build'
import type { TestProject } from 'vitest/node'
import { cleanUpAfter } from './clean-up-after.ts'
import { examineCloud } from './examine-cloud.ts'
import { HOST_NAME } from './localstack.ts'
import { recordParts } from './record-parts.ts'

/** Once before the scenarios on another cloud. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const endpoint = process.env['TICKETING_TEST_ENDPOINT'] || undefined
  const hosts = ['127.0.0.1', HOST_NAME]
  const { cloud, says } = await examineCloud({ endpoint, hosts, env: process.env, now: Date.now() })
  recordParts(process.env['TICKETING_TEST_BACKEND'] ?? 'endpoint', says)
  // CI is there to run the cloud's own.
  if (process.env['TICKETING_TEST_FUNCTIONS'] === 'cloud' && cloud.functions !== 'cloud')
    throw new Error(`TICKETING_TEST_FUNCTIONS asks for the cloud's own functions: ${says.join('; ')}`)
  await buildBundles()
  const cleaner = cleanUpAfter({ kind: 'stacks', cloud: JSON.stringify(cloud) })
  provide('cloud', cloud)
  return () => cleaner.release()
}
