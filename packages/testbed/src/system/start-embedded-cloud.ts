import { ListenFailed, startLocalAws, StoreUnusable } from '@ticketing/local-aws'
import type { ListeningAws, StartOptions } from '@ticketing/local-aws'
import { DamagedState } from '../simulators/keep-state.ts'
import { AddressInUse } from './address-in-use.ts'

/**
 * The embedded cloud behind a listener. Rejects with an `AddressInUse` when the port is taken, and with a `DamagedState`
 * when the kept store cannot be used.
 */
export async function startEmbeddedCloud(options: StartOptions): Promise<ListeningAws> {
  try {
    return await startLocalAws(options)
  } catch (error) {
    if (error instanceof ListenFailed) throw new AddressInUse('cloud', error.failure.port, error)
    throw error instanceof StoreUnusable ? new DamagedState(error.message, { cause: error }) : error
  }
}
