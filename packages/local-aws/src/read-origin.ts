import type { CloudRequest } from './http.ts'
import type { Origin } from './service.ts'

const LOOPBACK = '127.0.0.1'

/**
 * Where a request came from. What does not leave the machine counts as secure: nobody can read it on the way. Behind a
 * proxy its word counts.
 */
export function readOrigin({ address = LOOPBACK, headers }: Pick<CloudRequest, 'address' | 'headers'>): Origin {
  const plain = address.replace(/^::ffff:/, '')
  const forwarded = headers['x-forwarded-proto']
  const secure = forwarded === undefined ? plain === '::1' || plain.startsWith('127.') : forwarded === 'https'
  return { address: plain, secure }
}
