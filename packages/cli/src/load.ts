import { loadBundles, type Bundles } from '@ticketing/lambdas'
import type * as TestbedPackage from '@ticketing/testbed'
import { CliError } from './cli-error.ts'

/**
 * Loads the testbed only when a command needs it: other commands start faster, and a deployment does not have it.
 */
export async function loadTestbed(): Promise<typeof TestbedPackage> {
  try {
    return await import('@ticketing/testbed')
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CliError('this needs the simulators, which a deployment does not have; run it in a clone of the project')
  }
}

/** The functions' zips. If they are missing, the error says how to build them. */
export async function loadFunctions(): Promise<Bundles> {
  try {
    return await loadBundles()
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === 'ENOENT') throw new CliError(error.message)
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}
