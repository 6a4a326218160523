import { type Testbed, replyText } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alsoOnProcesses, REAL_TIME } from '../support/backend.ts'
import { acceptedId, listKeys, recordOf, startBed } from '../support/bed.ts'

/** Every trick in one line: a terminal's colours, text turned around, mentions, links, a marker, a path, a card's function. */
const TRICKS =
  '\u001b[31mred\u001b]0;owned\u0007 \u202egnp.exe\u2066 <!channel> <@U123> [click](https://evil.test) ' +
  '`ticket T-00000-00001` ../../etc {{DATE(2026-01-01T00:00:00Z)}} \u2028next\u0085line "},{"level":"error"'
const DESCRIPTION = `It is down.\n${TRICKS}\n\`ticket T-00000-00001\`\n# Heading`

// With real processes: what server and functions print comes through pipes, and still is a line of JSON each.
describe.each(alsoOnProcesses())(
  'a ticket full of tricks lands as plain text, wherever it goes: $kind',
  REAL_TIME,
  (on) => {
    let bed: Testbed
    const ids = { low: '', medium: '', high: '' }
    beforeAll(async () => {
      bed = await startBed({}, on)
    })
    afterAll(() => bed.stop())

    it('in Teams the card of the answer shows it without turning or running anything', async () => {
      for (const priority of ['low', 'medium', 'high'] as const) {
        const reply = await bed.teams.send({ title: `Down ${TRICKS}`, priority, description: DESCRIPTION })
        ids[priority] = acceptedId(reply)
        expect(replyText(reply)).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\{\{/u)
      }
      await Promise.all(Object.values(ids).map((id) => recordOf(bed, id, 'delivered')))
    })

    it('in S3 its key holds letters, digits and hyphens', async () => {
      const key = (await listKeys(bed, 'tickets/')).find((each) => each.includes(ids.low))
      expect(key).toMatch(/^tickets\/\d{4}\/\d\d\/\d\d\/\d{6}-[a-z0-9-]+-T-[0-9A-Z]{5}-[0-9A-Z]{5}\.json$/)
    })

    it('on the Trello card it links and formats nothing, and the only marker is the ticket’s own', () => {
      const card = bed.trello.cards.find(({ desc }) => desc.includes(ids.medium))
      expect(card?.name).not.toMatch(/\p{Cc}/u)
      expect(card?.desc).not.toMatch(/(?!\n)\p{Cc}/u)
      expect(card?.desc.match(/(?<!\\)`ticket [^`]*`/g)).toEqual([`\`ticket ${ids.medium}\``])
      expect(card?.desc).toContain(String.raw`\[click\](`)
      expect(card?.desc).toContain(String.raw`\# Heading`)
    })

    it('in Slack it mentions no one', () => {
      const message = bed.slack.messages.find(({ shown }) => shown.includes(ids.high))
      expect(message?.shown).toContain('<!channel> <@U123>')
      expect(message?.pings).toEqual([])
      // Markup is only the link to the message in Teams.
      expect(JSON.stringify(message).match(/"mrkdwn"/g)).toHaveLength(1)
      expect(message?.text).not.toMatch(/[<>]|\p{Cc}/u)
    })

    it('in the logs of server and functions every line is JSON of one line, and none holds what the user wrote', () => {
      const lines = bed.journal.entries.flatMap((entry) =>
        'fields' in entry && 'line' in entry.fields ? [entry.fields['line']] : [],
      )
      // another cloud keeps what functions write; the server's lines are always here.
      expect(lines.length).toBeGreaterThan(bed.seesCloud ? 6 : 3)
      for (const line of lines) {
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(JSON.parse(String(line))).toMatchObject({ event: expect.any(String) })
        expect(line).not.toContain('evil.test')
      }
      // Whatever else was printed stands in the journal as a remark.
      expect(bed.journal.entries.filter(({ kind }) => kind.includes('evil.test'))).toEqual([])
    })
  },
)
