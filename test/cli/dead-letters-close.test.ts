import { AwsError } from '@ticketing/local-aws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetter } from 'ticket-core'
import type { InProcessResult } from '../support/run-in-process.ts'
import { buildLetter, buildRecord, START } from '../support/records.ts'
import { type DeadLetterCloud, buildUnreadable, startDeadLetterCloud } from './dead-letter-cloud.ts'

const BECAUSE = 'a test of a script'
const KEY = `unreadable-${'a'.repeat(16)}`

let cloud: DeadLetterCloud
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

/** Runs `dead-letters close <words> --because <because>`. */
function close(words: string, because = BECAUSE): Promise<InProcessResult> {
  return cloud.run(['dead-letters', 'close', ...words.split(' '), '--because', because])
}

async function archive(letter: DeadLetter): Promise<DeadLetter> {
  await cloud.archive(letter)
  await cloud.record(buildRecord(letter))
  return letter
}

describe('a message without a ticket', () => {
  it('is closed with a reason: it does not wait any more, and stays whole in the archive', async () => {
    const letter = buildUnreadable('a', '{')
    await cloud.archive(letter)
    const { code, output, said } = await close(KEY)
    expect(code, output).toBe(0)
    expect(output).toMatch(/^account 000000000000, region us-east-1, prefix acme at http/)
    expect(said.slice(1)).toEqual([`${KEY}  closed`, '1 of 1 closed'])

    expect((await cloud.run('dead-letters list')).output).toBe('no dead letters are waiting\n')
    expect((await cloud.run('dead-letters list --closed')).output).toMatch(
      new RegExp(`^  ${KEY} .*\\(no ticket\\)  \\[closed\\]$`, 'm'),
    )
    const shown = (await cloud.run(`dead-letters show ${KEY}`)).output
    expect(shown).toMatch(new RegExp(`^  state: {7}closed \\S+Z: ${BECAUSE}$`, 'm'))
    expect(shown).not.toContain('dead-letters close')
    const [line = ''] = (await cloud.run('dead-letters export --closed')).said
    expect(JSON.parse(line)).toMatchObject({
      ...letter,
      nonce: expect.not.stringMatching(letter.nonce),
      closed: { at: expect.any(Number), because: BECAUSE },
    })
  })

  it('is shown and listed with the command to close it', async () => {
    await cloud.archive(buildUnreadable('a', '{'), buildUnreadable('b', '['))
    expect((await cloud.run(`dead-letters show ${KEY}`)).output).toContain(
      `npx -y pnpm@12 ticketing dead-letters close ${KEY} --because "…"`,
    )
    expect((await cloud.run('dead-letters list')).output).toContain(
      'once handled: npx -y pnpm@12 ticketing dead-letters close --cause unreadable --because "…"',
    )
  })

  it('is closed with all others of its cause, and no other', async () => {
    await cloud.archive(buildUnreadable('a', '{'), buildUnreadable('b', '['), buildLetter(1))
    const { code, said } = await close('--cause unreadable')
    expect(code).toBe(0)
    expect(said.at(-1)).toBe('2 of 2 closed')
    expect((await cloud.run('dead-letters list')).output).toContain('1 cause, 1 letter waiting\n')
  })

  it('--dry-run says the same and writes nothing', async () => {
    await cloud.archive(buildUnreadable('a', '{'))
    const before = await cloud.objects()
    const { code, said } = await close(`${KEY} --dry-run`)
    expect(code).toBe(0)
    expect(said.slice(1)).toEqual([`${KEY}  would be closed`, '1 of 1 would be closed'])
    expect(await cloud.objects()).toEqual(before)
  })
})

describe('a ticket that was handled by hand', () => {
  it('is closed, and then redriven only with --closed', async () => {
    const letter = await archive(buildLetter(1))
    expect((await close(letter.key, 'made the card by hand')).code).toBe(0)
    expect((await cloud.run('dead-letters redrive --all')).said.at(-1)).toBe(
      'nothing to redrive: no dead ticket or event waits',
    )
    const refused = await cloud.run(`dead-letters redrive ${letter.key}`)
    expect(refused.code).toBe(1)
    expect(refused.output).toMatch(
      new RegExp(`^${letter.key} {2}refused: ${letter.key} was closed \\S+Z: made the card by hand`, 'm'),
    )
    expect(refused.output).toContain('--closed sends it all the same')
    expect(await cloud.takeQueued()).toEqual([])

    const redriven = await cloud.run(`dead-letters redrive ${letter.key} --closed`)
    expect(redriven.said.at(-1)).toBe('1 of 1 redriven')
    expect(await cloud.takeQueued()).toHaveLength(1)
    expect((await cloud.run(`dead-letters show ${letter.key}`)).output).toMatch(/^ {2}state: {7}redriven \S+Z$/m)
    expect(await cloud.letter(letter.key)).toMatchObject({ closed: { because: 'made the card by hand' } })
  })

  it('with the id of another one is closed too', async () => {
    const letter = buildLetter(1)
    await cloud.archive(letter)
    await cloud.record(buildRecord(letter, { source: 'f'.repeat(64) }))
    expect((await close(letter.key)).code).toBe(0)
  })
})

describe('refused is', () => {
  const wrong: readonly (readonly [string, () => Promise<DeadLetter>, string])[] = [
    [
      'what the ledger shows as delivered; its letter then says so',
      async () => {
        const letter = buildLetter(1)
        await cloud.archive(letter)
        await cloud.record(buildRecord(letter, { state: 'delivered', deliveredAt: START }))
        return letter
      },
      'as delivered',
    ],
    [
      'what is on its way',
      async () => {
        const letter = buildLetter(1)
        await cloud.archive(letter)
        await cloud.record(buildRecord(letter, { state: 'waiting', life: 1 }))
        return letter
      },
      'as waiting in life 1: it is on its way',
    ],
    [
      'what was redriven, and is delivered since',
      async () => {
        const letter = buildLetter(1, { redrivenAt: START })
        await cloud.archive(letter)
        await cloud.record(buildRecord(letter, { state: 'delivered', life: 1, deliveredAt: START }))
        return letter
      },
      'was sent on its way again, and is delivered',
    ],
    ['what was redriven', () => archive(buildLetter(1, { redrivenAt: START })), 'is on its way again already'],
    ['what was delivered after all', () => archive(buildLetter(1, { correctedAt: START })), 'was delivered after all'],
    [
      'what is closed already, with the reason of then',
      () => archive(buildLetter(1, { closed: { at: START, because: 'handled by Ada' } })),
      'was closed 2026-11-24T10:00:00Z: handled by Ada',
    ],
  ]
  it.each(wrong)('%s', async (_, put, reason) => {
    const letter = await put()
    const { code, said } = await close(letter.key)
    expect(code).toBe(1)
    expect(said[1]).toContain(`${letter.key}  refused: `)
    expect(said[1]).toContain(reason)
    expect(said.at(-1)).toBe('0 of 1 closed')
    expect((await cloud.letter(letter.key))?.closed?.because).not.toBe(BECAUSE)
  })

  it('an id that is not in the archive, while the others are closed', async () => {
    const letter = await archive(buildLetter(1))
    const { code, said } = await close(`T-00000-00000 ${letter.key}`)
    expect(code).toBe(1)
    expect(said).toContain('T-00000-00000  refused: there is no dead letter T-00000-00000')
    expect(said.at(-1)).toBe('1 of 2 closed')
  })

  it.each([
    [`close ${KEY}`, '--because "…" is needed: why nothing is left to do'],
    [`close ${KEY} --because=`, '--because "…" is needed: why nothing is left to do'],
    [`close ${KEY} --because=${'x'.repeat(1001)}`, '--because has 1001 characters, 1000 at most'],
    ['close --because=x', 'name ids, or --cause NAME'],
    [`close ${KEY} --cause unreadable --because=x`, 'name ids, or --cause NAME'],
    ['redrive --all --closed', '--closed goes with ids only'],
    ['redrive --cause unreadable --closed', '--closed goes with ids only'],
  ])('%s', async (words, problem) => {
    const { code, output } = await cloud.run(`dead-letters ${words}`)
    expect(code).toBe(2)
    expect(output).toContain(problem)
  })
})

/** Closes the letter while another writer changes it, between read and write. */
async function closeWhile(change: Partial<DeadLetter>): Promise<InProcessResult> {
  await cloud.archive(buildUnreadable('a', '{'))
  let isChanged = false
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation === 'PutObject' && !isChanged) {
      isChanged = true
      await cloud.change(KEY, change)
    }
    return run()
  })
  return close(KEY)
}

describe('a letter that changes between read and close', () => {
  it('is read again: with a notice meanwhile, it is closed', async () => {
    expect((await closeWhile({ toldAt: START + 9000 })).said.at(-1)).toBe('1 of 1 closed')
    expect(await cloud.letter(KEY)).toMatchObject({ toldAt: START + 9000, closed: { because: BECAUSE } })
  })

  it('is read again: closed by another operator meanwhile, it keeps that reason', async () => {
    const { code, output } = await closeWhile({ closed: { at: START, because: 'mine' } })
    expect(code).toBe(1)
    expect(output).toContain('refused: ')
    expect((await cloud.letter(KEY))?.closed?.because).toBe('mine')
  })
})

it('a letter that cannot be written is not closed; a second run closes it', async () => {
  await cloud.archive(buildUnreadable('a', '{'))
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation === 'PutObject') throw new AwsError('AccessDenied', 'no', { status: 403 })
    return run()
  })
  const first = await close(KEY)
  expect(first.code).toBe(1)
  expect(first.output).toMatch(new RegExp(`^${KEY} {2}perhaps not closed: .*AccessDenied.* Run it again$`, 'm'))
  cloud.interceptCalls(undefined)
  expect((await close(KEY)).said.at(-1)).toBe('1 of 1 closed')
})

it('a reason does not control the terminal', async () => {
  await cloud.archive(buildUnreadable('a', '{'))
  await close(KEY, 'done\u001B[2J\nas asked')
  const { output } = await cloud.run(`dead-letters show ${KEY}`)
  expect(output).not.toContain('\u001B')
  expect(output).toContain(String.raw`done\u{1b}[2J as asked`)
})
