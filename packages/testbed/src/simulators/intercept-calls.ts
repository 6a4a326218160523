import type { CallbackEdge, Vendor, VendorEdge } from './vendor-edge.ts'

/** A request to a vendor, or a callback of one, without query and credentials. */
export interface VendorCall {
  readonly vendor: Vendor
  readonly at: VendorEdge | CallbackEdge
  /** `dispatch`: an event that is about to become a callback. `send`: a request, or one attempt of a callback. */
  readonly stage: 'dispatch' | 'send'
  readonly method: string
  readonly path: string
  readonly body: string
  /** Found in the body. */
  readonly ticket?: string
}

/** `before` or `after` the call's effect. */
export type When = 'before' | 'after'

/** What an interceptor does to a call. The journal shows `name`. */
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
    /** No answer, and the effect comes `ms` later. */
    | { readonly kind: 'late-effect'; readonly ms: number }
    /** The answer comes `ms` later; the effect before or after that wait. */
    | { readonly kind: 'slow'; readonly ms: number; readonly when: When }
    /** The effect, then half of the answer's body, then the connection breaks. */
    | { readonly kind: 'half-answer' }
    | Dispatch
  )

/** What becomes of an event before it is sent. Only at stage `dispatch`. */
export type Dispatch =
  /** It is never sent. */
  | { readonly kind: 'lost' }
  /** It is sent twice. */
  | { readonly kind: 'duplicate' }
  /** It is sent `ms` later. */
  | { readonly kind: 'delayed'; readonly ms: number }

/** Called for each call. `undefined` passes the call to the next interceptor. */
export type Interceptor = (call: VendorCall) => FaultAction | undefined
