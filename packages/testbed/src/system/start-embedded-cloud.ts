import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { listen, openStore, StoreUnusable } from '@ticketing/local-aws'
import type { CloudEvent, Executor, InProcessHandler, Intercept } from '@ticketing/local-aws'
import type { Clock } from 'ticket-core'
import { DamagedState } from '../simulators/keep-state.ts'
import { AddressInUse } from './address-in-use.ts'
import { composeCloud } from './compose-cloud.ts'
import type { ComposeOptions, Credentials } from './compose-cloud.ts'

export interface EmbeddedCloudOptions {
  readonly clock: Clock
  /** Where the store lives; absent: in memory, gone when it closes. */
  readonly directory?: string | undefined
  /** 0 takes a free one. */
  readonly port: number
  /** Names by which clients may reach it, besides those of this machine. */
  readonly hostNames?: readonly string[] | undefined
  readonly observe: (event: CloudEvent) => void
  readonly intercept?: Intercept
  readonly onInterceptChange?: ComposeOptions['onInterceptChange']
  /** How functions run; told where the cloud listens and how a role's session is had. */
  readonly makeExecutor: (world: { endpoint: () => string; credentials: Credentials }) => Executor
}

/** The embedded cloud behind a listener. */
export interface EmbeddedCloud {
  /** Address without a trailing slash. */
  readonly endpoint: string
  /** For clients in this process, which need no socket. */
  readonly requestHandler: InProcessHandler
  close(): Promise<void>
}

/**
 * Every service behind one address on this machine. Rejects with an `AddressInUse` when the port is taken, and with a
 * `DamagedState` when the kept store cannot be used.
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const { directory, port, hostNames = [], ...rest } = options
  if (directory !== undefined) mkdirSync(directory, { recursive: true })
  const store = open(directory === undefined ? ':memory:' : join(directory, 'cloud.sqlite'))
  let endpoint = ''
  const cloud = composeCloud({ ...rest, store, endpoint: () => endpoint })
  const listening = await listen({ cloud: cloud.cloud, port, hostNames })
  if (!listening.ok) {
    store.close()
    throw new AddressInUse('cloud', listening.failure.port)
  }
  endpoint = listening.listener.url
  cloud.start()
  return {
    endpoint,
    requestHandler: cloud.requestHandler,
    async close() {
      await cloud.close()
      await listening.listener.close()
      store.close()
    },
  }
}

function open(path: string): ReturnType<typeof openStore> {
  try {
    return openStore(path)
  } catch (error) {
    throw error instanceof StoreUnusable ? new DamagedState(error.message, { cause: error }) : error
  }
}
