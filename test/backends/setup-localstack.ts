import { buildBundles } from '@ticketing/lambdas/build'
import { getContainerRuntimeClient, getReaper } from 'testcontainers'
import type { TestProject } from 'vitest/node'
import { cleanUpAfter } from './clean-up-after.ts'
import { examineCloud } from './examine-cloud.ts'
import { localstackImage } from './localstack-image.ts'
import { HOST_NAME, startLocalstack, stopLocalstack } from './localstack.ts'
import { recordParts } from './record-parts.ts'

/** Once before the scenarios on LocalStack: a container of their own. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // Its helper would be one more image to pull; `cleanUpAfter` does its work.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'
  await buildBundles()
  // First: a run may be ended while the container starts.
  const { sessionId: session } = await getReaper(await getContainerRuntimeClient())
  const cleaner = cleanUpAfter({ kind: 'containers', session })
  const container = await startLocalstack()
  const stop = async (): Promise<void> => {
    await stopLocalstack(container)
    cleaner.release()
  }
  try {
    const endpoint = container.getConnectionUri()
    const { cloud, says } = await examineCloud({ endpoint, hosts: [HOST_NAME], env: {}, now: Date.now() })
    recordParts(process.env['TICKETING_TEST_BACKEND'] ?? 'localstack', [`image ${localstackImage()}`, ...says])
    if (cloud.functions !== 'cloud') throw new Error(`LocalStack runs no functions: ${says.join('; ')}`)
    provide('cloud', cloud)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}
