import { useInProcessTransport, type SdkClient } from '@ticketing/local-aws'
import { createStackClients, type StackClientOptions, type StackClients } from '@ticketing/stack'

/** Lets the clients call the embedded cloud of this process without serialising: that is most of what a call costs. */
export function withoutWire<Clients extends Readonly<Record<keyof Clients, SdkClient>>>(clients: Clients): Clients {
  for (const client of Object.values<SdkClient>(clients)) useInProcessTransport(client)
  return clients
}

/** Clients of the embedded cloud of this process. They make one attempt: the SDK would wait by the system's clock. */
export function createInProcessClients(options: StackClientOptions): StackClients {
  return withoutWire(createStackClients({ ...options, maxAttempts: 1 }))
}
