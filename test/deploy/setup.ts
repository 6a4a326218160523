import { buildBundles } from '@ticketing/lambdas/build'
import type { TestProject } from 'vitest/node'
import { findMissing } from './find-missing.ts'

/** Decides once whether these tests run, and says in a line why they do not. */
export async function setup({ provide }: TestProject): Promise<void> {
  const isAsked = process.env['TICKETING_TEST_DEPLOY'] === '1'
  const why = (await findMissing()) ?? (isAsked ? undefined : 'they build images and take minutes')
  provide('skipDeploy', why !== undefined)
  if (why === undefined) await buildBundles()
  else process.stderr.write(`deploy tests skipped: ${why} (npx -y pnpm@12 test:deploy runs them)\n`)
}

declare module 'vitest' {
  interface ProvidedContext {
    skipDeploy: boolean
  }
}
