import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as core from './index.ts'
// #region readme
import {
  makeTicket,
  parseDraft,
  prepareKeyRing,
  readActivity,
  readCommand,
  replyAccepted,
  replyHelp,
  replyProblems,
  destinationFor,
  verifySignature,
} from './index.ts'

// Once, at the start: the token that Teams showed when the webhook was created; several for several teams.
const ring = prepareKeyRing(['vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA='])
if (!ring.ok) throw new Error(`no keys: ${ring.failure.code}`)

// For each request: the raw body bytes, the Authorization header and the time.
const answer = (body: Uint8Array, authorization: string | undefined, now: number) => {
  const signed = verifySignature({ ring: ring.value, body, authorization })
  if (!signed.ok) return { status: 401 } // the caller learns nothing; signed.failure.hint is for your log
  const activity = readActivity({ body, now, maxAgeMs: 300_000 })
  if (!activity.ok) return { status: activity.failure.code === 'stale' ? 401 : 400 }
  const command = readCommand(activity.value)
  if (command.kind !== 'ticket') return { status: 200, card: replyHelp(command) }
  const draft = parseDraft(command.message.text)
  if (!draft.ok) return { status: 200, card: replyProblems(draft.failure) }
  const ticket = makeTicket(activity.value, draft.value)
  return { status: 200, ticket, goesTo: destinationFor(ticket.priority), card: replyAccepted({ ticket }) }
}
// #endregion

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const NOW = Date.parse('2026-11-23T14:03:23.000Z')

/** A signed request with this text, one second old. */
function send(text: string, now = NOW): ReturnType<typeof answer> {
  const activity = {
    type: 'message',
    id: '1795442602000',
    timestamp: '2026-11-23T14:03:22.000Z',
    text,
    from: { name: 'Ada' },
    conversation: { id: '19:c' },
  }
  const body = new TextEncoder().encode(JSON.stringify(activity))
  return answer(body, ring.ok ? core.signBody({ ring: ring.value, body }) : undefined, now)
}

describe('the README', () => {
  test('shows the code of this file, which runs', () => {
    const own = readFileSync(new URL(import.meta.url), 'utf8')
    const code = /\/\/ #region readme\n([^]*?)\/\/ #endregion/.exec(own)?.[1]?.replace('./index.ts', 'ticket-core')
    expect(/```ts\n([^]*?)```/.exec(readme)?.[1]).toBe(code)
  })

  test('shows a message that its code turns into a ticket', () => {
    const [, message = ''] = /## What a message looks like\n\n((?: {4}.*\n)+)/.exec(readme) ?? []
    expect(send(message.replaceAll(/^ {4}/gm, '').replace('@tickets', '<at>tickets</at>'))).toMatchObject({
      status: 200,
      goesTo: 'alert',
      ticket: {
        title: 'Login page is blank',
        priority: 'high',
        description: 'Since 9:40 the login page stays white in Firefox.',
        steps: 'Open the login page.',
        createdAt: '2026-11-23T14:03:22.000Z',
      },
    })
  })

  test('shows code that refuses, asks back and helps', () => {
    expect(answer(new Uint8Array(), undefined, NOW)).toEqual({ status: 401 })
    expect(send('<at>tickets</at> Title: a', NOW + 600_000)).toEqual({ status: 401 })
    expect(send('<at>tickets</at> Title: a')).toMatchObject({ status: 200, card: { type: 'message' } })
    expect(send('<at>tickets</at>')).toMatchObject({ status: 200, card: { type: 'message' } })
  })

  test('lists every export, and nothing else', () => {
    const table = readme.slice(readme.indexOf('## All exports'))
    const listed = new Set([...table.matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
    expect(listed).toEqual(new Set(Object.keys(core)))
  })
})
