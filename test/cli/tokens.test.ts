import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DeadLetterCloud, startDeadLetterCloud } from './dead-letter-cloud.ts'

const TOKEN = Buffer.from('a token of one team, in 32 bytes').toString('base64')
const DIGEST = createHash('sha256').update(TOKEN).digest('hex')
const OLD = 'f'.repeat(64)

let cloud: DeadLetterCloud
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

describe('ticketing tokens', () => {
  it('lists the team of each token, by its digest, and never the token', async () => {
    const before = await cloud.run('tokens list')
    expect(before.said).toEqual([`${DIGEST.slice(0, 12)}  no team yet: it will be of the first that it signs for`])
    await cloud.bindToken(DIGEST, '19:team@thread.tacv2')
    await cloud.bindToken(OLD, '19:\u202Eevil')
    const { said, output } = await cloud.run('tokens list')
    expect(said).toEqual([
      `${DIGEST.slice(0, 12)}  team 19:team@thread.tacv2, since 2026-11-24T10:00:00.000Z`,
      'ffffffffffff  team 19:\\u{202e}evil, since 2026-11-24T10:00:00.000Z; not in the secret any more',
    ])
    expect(output).not.toContain(TOKEN)
  })

  it('releases one token, and prints the target', async () => {
    await cloud.bindToken(DIGEST, '19:team@thread.tacv2')
    await cloud.bindToken(OLD, 'gone')
    const { code, said } = await cloud.run(`tokens release ${DIGEST.slice(0, 12)}`)
    expect(code).toBe(0)
    expect(said).toEqual([
      expect.stringMatching(/^account 000000000000, region us-east-1, prefix acme at http/),
      `released ${DIGEST.slice(0, 12)}, which belonged to team 19:team@thread.tacv2, since 2026-11-24T10:00:00.000Z`,
    ])
    expect((await cloud.run('tokens list')).said[0]).toContain('no team yet')
    expect(await cloud.objects()).toHaveLength(1)
  })

  it.each([
    ['tokens release 00000000', 1, 'no token is bound whose digest begins with 00000000'],
    ['tokens release ff', 2, '8 or more digits'],
    [`tokens release ${TOKEN}`, 2, '8 or more digits'],
    ['tokens', 2, 'tokens list'],
    ['tokens list me', 2, 'tokens list'],
  ])('%s is refused', async (words, expected, text) => {
    await cloud.bindToken(DIGEST, 'team')
    const { code, output } = await cloud.run(words)
    expect(output).toContain(text)
    expect(code).toBe(expected)
    expect(await cloud.objects()).toHaveLength(1)
  })
})
