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
  /** What a person reads at a path of the listener, as plain text; undefined: that path is the vendor's own. */
  page(path: string): string | undefined
  /** Stands in the way of calls; the returned function takes the interceptor away. */
  intercept(interceptor: Interceptor): () => void
  /** The whole state as JSON. Holds no credentials. */
  save(): string
  /** Takes over a saved state; throws an Error that says what is wrong with it. */
  restore(json: string): void
  /** Called after each change of state until the returned function is. */
  onChange(listener: () => void): () => void
}
