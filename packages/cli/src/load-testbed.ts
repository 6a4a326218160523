import type * as TestbedPackage from '@ticketing/testbed'
import { CliError } from './cli-error.ts'

/**
 * Loads the testbed when a command needs it, and only then: the other commands start faster, and a deployment does not
 * have it.
 */
export async function loadTestbed(): Promise<typeof TestbedPackage> {
  try {
    return await import('@ticketing/testbed')
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CliError('this needs the simulators, which a deployment does not have; run it in a clone of the project')
  }
}
