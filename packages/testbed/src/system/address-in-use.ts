/** What listens in a testbed, and the option of `startTestbed` (and flag of `dev`) that names its port. */
export type Listening = 'server' | 'cloud' | 'trello' | 'slack'

/** Somebody else listens on a port that the testbed was told to use. */
export class AddressInUse extends Error {
  override readonly name = 'AddressInUse'
  readonly who: Listening
  readonly port: number

  constructor(who: Listening, port: number, cause?: unknown) {
    super(`port ${port}, for the ${who}, is in use`, { cause })
    this.who = who
    this.port = port
  }
}
