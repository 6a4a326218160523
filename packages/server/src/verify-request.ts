import type { KeyRing, Result, SignatureFailure } from 'ticket-core'
import { fail, succeed, verifySignature } from 'ticket-core'
import type { IncomingRequest } from './http-values.ts'
import { readHeader } from './http-values.ts'
import type { KeySource } from './key-source.ts'

/** There is no key to check with: nobody can say whether the caller is Teams. */
export interface NoKeys {
  readonly code: 'no-keys'
}

/** Checks the signature; one that fits no token is checked again when the secret has other tokens by now. */
export async function verifyRequest(
  keys: KeySource,
  request: IncomingRequest,
  deadline: number,
): Promise<Result<undefined, SignatureFailure | NoKeys>> {
  const authorization = readHeader(request, 'authorization')
  const verify = (ring: KeyRing): ReturnType<typeof verifySignature> =>
    verifySignature({ ring, body: request.body, authorization })
  const ring = await keys.current(deadline)
  if (!ring) return fail({ code: 'no-keys' })
  const signed = verify(ring)
  if (signed.ok) return succeed(undefined)
  if (signed.failure.code !== 'mismatch') return signed
  const renewed = await keys.renewed(ring, deadline)
  const signedAnew = renewed ? verify(renewed) : signed
  return signedAnew.ok ? succeed(undefined) : signedAnew
}
