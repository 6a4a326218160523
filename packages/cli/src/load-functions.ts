import { loadBundles } from '@ticketing/lambdas'
import type { Bundles } from '@ticketing/lambdas'
import { CliError } from './cli-error.ts'

/** The functions' zips; where they were never made, the error says how. */
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
