import type * as TestbedPackage from '@ticketing/testbed'

/**
 * Loads the testbed when a command needs it, and only then: the other commands start faster, and a deployment need not
 * have it.
 */
export function loadTestbed(): Promise<typeof TestbedPackage> {
  return import('@ticketing/testbed')
}
