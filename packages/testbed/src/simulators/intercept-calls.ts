import type { Vendor, VendorEdge } from './vendor-edge.ts'

/** A request on its way into a vendor. Query and credentials are left out. */
export interface VendorCall {
  readonly vendor: Vendor
  readonly at: VendorEdge
  readonly method: string
  readonly path: string
  readonly body: string
  /** Found in the body. */
  readonly ticket?: string
}

/** `before` the vendor did anything, or `after` it did what it was asked. */
export type When = 'before' | 'after'

/** What an interceptor does to a call; `name` is what the journal calls it. */
export type FaultAction = { readonly name: string } &
  /** This answer instead of the vendor's own. */
  (
    | {
        readonly kind: 'answer'
        readonly when: When
        readonly status: number
        readonly body?: string
        readonly headers?: Readonly<Record<string, string>>
      }
    /** The connection breaks. */
    | { readonly kind: 'reset'; readonly when: When }
    /** No answer until the client gives up. */
    | { readonly kind: 'silence'; readonly when: When }
    /** No answer, and the effect shows `ms` later. */
    | { readonly kind: 'late-effect'; readonly ms: number }
    /** The answer comes `ms` later; the effect before or after that wait. */
    | { readonly kind: 'slow'; readonly ms: number; readonly when: When }
    /** The effect, then half of the answer's body, then the connection breaks. */
    | { readonly kind: 'half-answer' }
  )

/** Asked at each call; `undefined` lets it pass to the next interceptor. */
export type Interceptor = (call: VendorCall) => FaultAction | undefined
