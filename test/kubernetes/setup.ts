import type { TestProject } from 'vitest/node'
import { findMissing } from './find-missing.ts'

/** These tests run only where they are asked for. */
export async function setup({ provide }: TestProject): Promise<void> {
  const isAsked = process.env['TICKETING_TEST_KUBERNETES'] === '1'
  const why = isAsked ? await findMissing() : 'they need a cluster'
  provide('skipKubernetes', why !== undefined)
  if (why !== undefined)
    process.stderr.write(`kubernetes tests skipped: ${why} (npx -y pnpm@12 test:kubernetes runs them)\n`)
}

declare module 'vitest' {
  interface ProvidedContext {
    skipKubernetes: boolean
  }
}
