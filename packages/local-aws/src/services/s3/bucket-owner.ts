import { createHash } from 'node:crypto'

/** An account's canonical user id: 64 hexadecimal digits, the same for the same account. */
export function ownerOf(account: string): { readonly ID: string } {
  return { ID: createHash('sha256').update(`canonical user of ${account}`).digest('hex') }
}
