import { GetObjectCommand } from '@aws-sdk/client-s3'
import { AwsError } from '@ticketing/local-aws'
import { changeSecret, replyText, startTestbed, type TeamsReply, type VirtualTestbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeadLetterCloud } from '../cli/dead-letter-cloud.ts'
import { acceptedId, listKeys, runTicketing } from '../support/bed.ts'
import { buildLetter } from '../support/records.ts'

/**
 * Every trick in one line: a terminal's colours, its title and its clipboard, text turned around, mentions, links,
 * formatting, the marker of another ticket, a path, a function of cards, a shell, hidden text of tags and joiners.
 */
const TRICKS =
  '\u001b[31mred\u001b]0;owned\u0007\u009b2J \u202egnp.exe\u2066a\u2069\u200f <!channel> <!here> <@U123> @here @everyone ' +
  '[click](https://evil.test) ![x](https://evil.test/x.png) <https://evil.test|bank> *b* _i_ `ticket T-00000-00001` ' +
  '../../etc {{DATE(2026-01-01T00:00:00Z)}} $(touch x);rm -rf ~ \u2028next\u0085line"},{"level":"error" ' +
  'in\u200bvis\u2060ib\ufeffle\u00ad \u{e0041}\u{e0042} \ud800 :skull: <at>everyone</at>'
const PERSON = { id: '29:1', name: `Mallory ${TRICKS}`, aadObjectId: '00000000-0000-4000-8000-000000000000' }

/** Control characters but line breaks, marks that turn the direction, what hides text, halves of characters, tags. */
const DANGEROUS =
  /(?![\n])\p{Cc}|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\u2028\u2029]|[\u{e0000}-\u{e007f}]|\p{Cs}/u

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Every text of a JSON value, however deep. */
/** The link to the message in Teams is markup of ours, with every part percent-encoded. */
const OWN_LINK =
  /^\{"type":"section","text":\{"type":"mrkdwn","text":"<https:\/\/teams\.microsoft\.com\/l\/message\/[\w%.~/?=&-]+\|Message in Teams>"\}\}$/

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** A card shows text as it is: no block that reads markdown, no function, nothing hidden. */
function expectPlainCard(json: string): void {
  expect(json).not.toContain('"TextBlock"')
  expect(json).not.toContain('"entities"')
  // Between the two braces stands what keeps them from running a function.
  for (const text of textsOf(JSON.parse(json))) {
    expect(text.replaceAll('{\u200b{', '{')).not.toMatch(DANGEROUS)
    expect(text).not.toContain('{{')
  }
}

describe('a ticket full of tricks, in every place where the system shows it', () => {
  let bed: VirtualTestbed
  const ids = { low: '', medium: '', high: '' }
  const dead: string[] = []
  const cards: TeamsReply[] = []

  /** Signed, as Teams sends it: the name of the bot, of the writer, every field and a link are hostile. */
  async function send(priority: string): Promise<TeamsReply> {
    const html = [
      `<p><span itemtype="http://schema.skype.com/Mention" itemid="0">bot ${escapeHtml(TRICKS)}</span></p>`,
      `<p>Title: Down ${escapeHtml(TRICKS)}</p><p>Priority: ${priority}</p><p>Description: It is down. ${escapeHtml(TRICKS)}</p>`,
      `<p># Heading</p><p>see <a href="https://evil.test/${escapeHtml(TRICKS)}">${escapeHtml(TRICKS)}</a></p>`,
      `<p>Steps: open ${escapeHtml(TRICKS)}</p>`,
    ].join('')
    const reply = await bed.teams.post(bed.teams.composeRaw({ text: TRICKS, html }, { place: { person: PERSON } }))
    cards.push(reply)
    return reply
  }

  beforeAll(async () => {
    bed = await startTestbed({ clock: 'virtual' })
    await changeSecret(bed, { TEAMS_NOTIFY_URL: bed.workflows.webhookUrl })
    for (const priority of ['low', 'medium', 'high'] as const) ids[priority] = acceptedId(await send(priority))
    await bed.clock.runUntilQuiet()
    // The vendors' own words are hostile, too; one letter alone, then several in one notice.
    bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, body: TRICKS })
    dead.push(acceptedId(await send('medium')))
    await bed.clock.runUntilQuiet()
    const several = await Promise.all([send('medium'), send('medium'), send('medium')])
    dead.push(...several.map(acceptedId))
    await bed.clock.runUntilQuiet()
    for (const text of [`status ${dead[0]}`, `status ${ids.high}`, `status ${TRICKS}`, 'help', `${TRICKS} nonsense`])
      cards.push(await bed.teams.sendText(text))
    await send(`hgih ${TRICKS}`)
  }, 60_000)
  afterAll(() => bed.stop())

  it('the cards of the bot: accepted, problems, help, status', () => {
    expect(cards).toHaveLength(13)
    for (const card of cards) {
      expect(card).toMatchObject({ kind: 'replied', status: 200 })
      expectPlainCard(card.body ?? '')
    }
    expect(cards.map(replyText).join('\n')).toContain('gnp.exe')
  })

  it('the card of a notice in Teams, of one letter and of several', () => {
    expect(bed.workflows.posts.length).toBeGreaterThan(1)
    const bodies = bed.workflows.posts.map(({ body }) => body)
    for (const body of bodies) expectPlainCard(body)
    expect(bodies.join('')).toContain('gnp.exe')
  })

  it('messages and notices in Slack', () => {
    expect(bed.slack.messages.length).toBeGreaterThan(2)
    for (const { text, blocks, pings, shown } of bed.slack.messages) {
      expect(pings).toEqual([])
      expect(text).not.toMatch(/[<>]/)
      const rest = blocks.filter((block) => !OWN_LINK.test(JSON.stringify(block)))
      expect(JSON.stringify(rest)).not.toContain('mrkdwn')
      for (const each of [text, ...textsOf(rest)]) expect(each).not.toMatch(DANGEROUS)
      expect(shown).toContain('gnp.exe')
    }
  })

  it('the card in Trello', () => {
    const [card] = bed.trello.cards
    expect(bed.trello.cards).toHaveLength(1)
    for (const text of [card?.name ?? '', card?.desc ?? '']) expect(text).not.toMatch(DANGEROUS)
    expect(card?.desc).not.toMatch(/(?<!\\)[[\]<>]/)
    expect(card?.desc.match(/(?<!\\)`ticket [^`]*`/g)).toEqual([`\`ticket ${ids.medium}\``])
    expect(card?.desc).toContain(String.raw`\# Heading`)
  })

  it('the object in S3: its key is plain, its content whole and of ASCII', async () => {
    const [key = ''] = await listKeys(bed, 'tickets/')
    expect(key).toMatch(/^tickets\/[\w/-]+\.json$/)
    const object = await bed.clients.s3.send(new GetObjectCommand({ Bucket: bed.bucket, Key: key }))
    const json = (await object.Body?.transformToString()) ?? ''
    expect(JSON.parse(json)).toMatchObject({ id: ids.low, title: expect.stringContaining('<!channel> <!here>') })
  })

  it.each([
    'dead-letters list',
    'dead-letters list --json',
    'dead-letters show $DEAD',
    'dead-letters show $DEAD --message',
    'dead-letters show $DEAD --json',
    'dead-letters redrive --all --dry-run',
    'dead-letters export',
    'dead-letters close $DEAD --because x',
    'dead-letters list --closed',
    'status $DEAD',
    'status $HIGH',
    'send --text $TRICKS',
  ])('the command line: %s', async (words) => {
    const args = words.split(' ').map((word) =>
      word
        .replace('$DEAD', dead[0] ?? '')
        .replace('$HIGH', ids.high)
        .replace('$TRICKS', TRICKS),
    )
    const { output } = await runTicketing(bed, args)
    expect(output).not.toBe('')
    expect(output).not.toMatch(DANGEROUS)
    for (const line of output.split('\n').filter((each) => each.includes('npx -y pnpm')))
      expect(line.slice(line.indexOf('npx'))).toMatch(/^npx -y pnpm@12 ticketing [\w -]*(?:"…")?$/)
  })

  it('logs of server and functions', () => {
    const lines = bed.journal.entries.flatMap((entry) =>
      'fields' in entry && 'line' in entry.fields ? [String(entry.fields['line'])] : [],
    )
    expect(lines.length).toBeGreaterThan(6)
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      expect(JSON.parse(line)).toMatchObject({ event: expect.any(String) })
    }
  })
})

// A server in place of AWS writes what the command line says of a failure.
it.each(['GetSecretValue', 'ListObjectsV2', 'GetObject', 'PutObject', 'GetQueueAttributes', 'SendMessage'])(
  'the command line, when %s fails in hostile words',
  async (failing) => {
    await using cloud = await startDeadLetterCloud()
    await cloud.archive(buildLetter(1))
    cloud.interceptCalls(async ({ operation }, _input, run) => {
      if (operation === failing) throw new AwsError('AccessDenied', TRICKS, { status: 403 })
      return run()
    })
    const { key } = buildLetter(1)
    for (const words of ['list', `show ${key}`, `redrive ${key}`, `close ${key} --because x`, 'export']) {
      const { output } = await cloud.run(`dead-letters ${words}`)
      expect(output).not.toBe('')
      expect(output).not.toMatch(DANGEROUS)
    }
    expect((await cloud.run(`status ${key}`)).output).not.toMatch(DANGEROUS)
  },
)
