import type { HttpHandler } from 'msw'
import type { Interceptor } from './intercept-calls.ts'
import type { Vendor } from './vendor-edge.ts'

/** A vendor on this machine: MSW handlers for its origin, with state behind them. */
export interface Simulator {
  readonly name: Vendor
  /** Scheme and host that the handlers answer for, such as `https://api.trello.com`. */
  readonly origin: string
  /** For MSW's own servers, {@link listenSimulator} and {@link createSimulatorFetch}. */
  readonly handlers: readonly HttpHandler[]
  /** A page of the listener for people, as plain text. Undefined: the path belongs to the vendor's API. */
  page(path: string): string | undefined
  /** Adds an interceptor of calls. The returned function removes it. */
  intercept(interceptor: Interceptor): () => void
  /** The whole state as JSON. Holds no credentials. */
  save(): string
  /** Restores a saved state. Throws an Error that says what is wrong with it. */
  restore(json: string): void
  /** Calls the listener after each change of state. The returned function removes it. */
  onChange(listener: () => void): () => void
}
