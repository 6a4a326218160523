import { replyText, type VirtualTestbed } from '@ticketing/testbed'
import type { Evidence } from '../promise/evidence.ts'

/** Longer than any server keeps what it has read of the secret. */
const CACHED_FOR = '10m'

/**
 * Once everything works again: whether each server refuses the token that a rotation removed, and takes the one that Teams
 * signs with. The removed one first: the first message that a server cannot check makes it read the secret again.
 */
export async function tryTokens(bed: VirtualTestbed, removed: string): Promise<NonNullable<Evidence['tokens']>> {
  if (bed.teams.token === removed) return { tookRemoved: [], refusedCurrent: [] }
  await bed.clock.advance(CACHED_FOR)
  const takers = async (token: string): Promise<readonly string[]> => {
    const asked = bed.replicas.map(async ({ url }) => {
      const reply = await bed.teams.sendText('help', { to: url, token })
      return reply.kind === 'replied' && replyText(reply) !== '' ? [url] : []
    })
    return (await Promise.all(asked)).flat()
  }
  const tookRemoved = await takers(removed)
  const tookCurrent = await takers(bed.teams.token)
  const refusedCurrent = bed.replicas.map(({ url }) => url).filter((url) => !tookCurrent.includes(url))
  return { tookRemoved, refusedCurrent }
}
