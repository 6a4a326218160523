import type { CloudRequest } from './http.ts'
import type { Origin } from './service.ts'

const LOOPBACK = '127.0.0.1'

/**
 * Where a request came from. A connection within the machine counts as secure. Behind a proxy its forwarded headers
 * count.
 */
export function readOrigin({ address = LOOPBACK, headers }: Pick<CloudRequest, 'address' | 'headers'>): Origin {
  const plain = address.replace(/^::ffff:/, '')
  const forwarded = headers['x-forwarded-proto']
  const secure = forwarded === undefined ? plain === '::1' || plain.startsWith('127.') : forwarded === 'https'
  return { address: plain, secure }
}
