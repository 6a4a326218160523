import { createInlineExecutor, startLocalAws, systemClock } from '@ticketing/local-aws'
import { createStackClients, type StackClients } from '@ticketing/stack'

export interface IdleCloud extends AsyncDisposable {
  readonly endpoint: string
  readonly clients: StackClients
}

/** another cloud, as far as these tests are concerned: it has every service, and runs no function. */
export async function startIdleCloud(): Promise<IdleCloud> {
  const cloud = await startLocalAws({
    makeExecutor: ({ endpoint }) => createInlineExecutor({ clock: systemClock, functions: {}, endpoint }),
  })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return {
    endpoint: cloud.endpoint,
    clients: createStackClients({ endpoint: cloud.endpoint, region: 'us-east-1', credentials }),
    [Symbol.asyncDispose]: () => cloud.close(),
  }
}
