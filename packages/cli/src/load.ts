import { loadBundles, type Bundles } from '@ticketing/lambdas'
import type * as BundlerPackage from '@ticketing/lambdas/build'
import type * as TestbedPackage from '@ticketing/testbed'
import { CliError } from './cli-error.ts'

/**
 * Loads the testbed only when a command needs it: other commands start faster, and a deployment does not have it.
 */
export async function loadTestbed(): Promise<typeof TestbedPackage> {
  return inClone(() => import('@ticketing/testbed'), 'the simulators')
}

/** Loads what builds the functions, which no image has either. */
export async function loadBundler(): Promise<typeof BundlerPackage> {
  return inClone(() => import('@ticketing/lambdas/build'), "the functions' source")
}

async function inClone<Package>(load: () => Promise<Package>, what: string): Promise<Package> {
  try {
    return await load()
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CliError(`this needs ${what}, which a deployment does not have; run it in a clone of the project`)
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
