import {
  type KeyRing,
  type Result,
  type SignatureFailure,
  type TokenName,
  fail,
  succeed,
  verifySignature,
} from 'ticket-core'
import { type IncomingRequest, readHeader } from './http-values.ts'
import type { KeyRingCache } from './key-ring-cache.ts'

/** There is no key to check the signature with. */
export interface NoKeys {
  readonly code: 'no-keys'
}

/** Checks the signature and returns the token that made it. When none fits, checks again with the secret's newest tokens. */
export async function verifyRequest(
  keys: KeyRingCache,
  request: IncomingRequest,
  deadline: number,
): Promise<Result<TokenName, SignatureFailure | NoKeys>> {
  const authorization = readHeader(request, 'authorization')
  const verify = (ring: KeyRing): Result<TokenName, SignatureFailure> => {
    const signed = verifySignature({ ring, body: request.body, authorization })
    if (!signed.ok) return signed
    const token = ring.tokens[signed.value.tokenIndex]
    if (!token) throw new Error('the ring has no token of the index that fitted')
    return succeed(token)
  }
  const ring = await keys.current(deadline)
  if (!ring) return fail({ code: 'no-keys' })
  const signed = verify(ring)
  if (signed.ok || signed.failure.code !== 'mismatch') return signed
  const renewed = await keys.renewed(ring, deadline)
  return renewed ? verify(renewed) : signed
}
