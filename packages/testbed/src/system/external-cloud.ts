import type { AwsClientOptions } from 'ticket-adapters/aws'

/** A cloud that the testbed uses: its own, or somebody else's. */
export interface CloudUnderTest {
  /** Address without a trailing slash. */
  readonly endpoint: string
  readonly aws: AwsClientOptions
  close(): Promise<void>
}

/** Somebody else's cloud at an address: LocalStack, another emulator. It takes any credentials, and stays when the testbed ends. */
export function useExternalCloud(endpoint: string): CloudUnderTest {
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    aws: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    close: () => Promise.resolve(),
  }
}
