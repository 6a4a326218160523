import type { StackClientOptions } from '@ticketing/stack'

/** A cloud that is not the testbed's own: an emulator, or AWS. */
export interface ExternalCloud extends Pick<StackClientOptions, 'credentials'> {
  /** Absent: AWS itself. */
  readonly endpoint?: string
  /** @default 'us-east-1' */
  readonly region?: string
  /** Where Trello and Slack listen, and the host that functions there reach them by. @default both this machine's loopback */
  readonly vendors?: { readonly host: string; readonly reachedAs: string }
  /**
   * Who runs the functions: the cloud, from the stack's zips; or this process, where event source pollers of our own feed
   * them from the cloud's queues, for a cloud that cannot run them. @default 'cloud'
   */
  readonly functions?: 'cloud' | 'testbed'
}

/** How clients reach it. */
export function clientOptionsOf({ endpoint, region = 'us-east-1', credentials }: ExternalCloud): StackClientOptions {
  return {
    region,
    ...(endpoint !== undefined && { endpoint: endpoint.replace(/\/+$/, '') }),
    ...(credentials && { credentials }),
  }
}
