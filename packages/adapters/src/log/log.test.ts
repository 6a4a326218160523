import { fc } from '@fast-check/vitest'
import type { AppSecret, LogFields, LogLevel } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { startClock } from '../../test/clock.ts'
import { createLog, createRedaction } from './index.ts'

const secret: AppSecret = {
  prefix: 'dev',
  trello: { key: 'trellokey0123', token: 'ATTAtoken4567', boardId: 'board', listName: 'To do' },
  slackUrl: 'https://hooks.slack.com/services/T0/B0/slackpath',
  teamsTokens: ['dGVhbXMgdG9rZW4gb25l', 'dGVhbXMgdG9rZW4gdHdv'],
  adminSlackUrl: 'http://127.0.0.1:4568/services/T0/B0/adminpath',
  trelloApiSecret: 'trelloapisecret89ab',
  slackSigningSecret: 'slacksigningsecretcdef',
  teamsNotifyUrl: 'https://x.environment.api.powerplatform.com/powerautomate/abc?sp=%2Frun&sig=flowsig',
}

function logOnce(fields: LogFields, options: { level?: LogLevel; at?: LogLevel } = {}): string {
  const lines: string[] = []
  const redaction = createRedaction()
  redaction.hideAppSecret(secret)
  const log = createLog({
    write: (line) => lines.push(line),
    clock: startClock(),
    redaction,
    level: options.level ?? 'debug',
    base: { service: 'server' },
  })
  log.write(options.at ?? 'info', 'ticket.accepted', fields)
  return lines.join('')
}

test('a line is JSON with time, level, event, the base and the fields', () => {
  expect(logOnce({ ticket: 'T-7QK2M-9XD4R', ms: 12, first: true, ways: ['slack: sent'], none: undefined })).toBe(
    '{"time":"2026-11-23T14:03:22.000Z","level":"info","event":"ticket.accepted","service":"server",' +
      '"ticket":"T-7QK2M-9XD4R","ms":12,"first":true,"ways":["slack: sent"]}\n',
  )
})

test('a field cannot replace time, level or event', () => {
  expect(JSON.parse(logOnce({ event: 'forged', level: 'debug' }))).toMatchObject({
    event: 'ticket.accepted',
    level: 'info',
  })
})

test.each([
  ['debug', 'info', false],
  ['info', 'info', true],
  ['warn', 'error', false],
  ['error', 'error', true],
] as const)('an event of level %s at %s is written: %s', (at, level, written) => {
  expect(logOnce({}, { at, level }) !== '').toBe(written)
})

describe('secrets never reach a line', () => {
  const parts = [
    'trellokey0123',
    'ATTAtoken4567',
    'trelloapisecret89ab',
    'slacksigningsecretcdef',
    'slackpath',
    'adminpath',
    'flowsig',
    'dGVhbXMgdG9rZW4gb25l',
    'dGVhbXMgdG9rZW4gdHdv',
  ]
  const values = [
    secret.trello.key,
    secret.trello.token,
    secret.trelloApiSecret ?? '',
    secret.slackSigningSecret ?? '',
    secret.slackUrl,
    '/services/T0/B0/adminpath',
    encodeURIComponent(secret.teamsNotifyUrl ?? ''),
    ...secret.teamsTokens,
  ]

  test('wherever in a value they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...values), fc.string()), { maxLength: 8 }), (pieces) => {
        const line = logOnce({ reason: pieces.join(''), list: pieces })
        for (const part of parts) expect(line).not.toContain(part)
      }),
    )
  })

  test.each([
    'https://hooks.slack.com/services/T9/B9/nobodyregistered',
    'https://prod.logic.azure.com/workflows/x?api-version=1&sig=nobodyregistered',
    'OAuth oauth_consumer_key="nobodyregistered", oauth_token="nobodyregistered"',
    'HMAC bm9ib2R5cmVnaXN0ZXJlZA==',
    'Bearer nobodyregistered1',
  ])('nor unregistered ones of a known form: %s', (text) => {
    const line = logOnce({ text })
    expect(line).toContain('[secret]')
    expect(line).not.toContain('nobodyregistered')
    expect(line).not.toContain('bm9ib2R5')
  })

  test('one that would be cut in two is replaced before', () => {
    const line = logOnce({ text: 'x'.repeat(1995) + secret.trello.token })
    expect(line).not.toContain('ATTA')
  })
})

/** Of all characters at random hardly any is one of these. */
const DECEIVING = fc.constantFrom('\n', '\r', '\u001B', '\u007F', '\u0085', '\u009B', '\u202E', '\u2028', '\uFEFF')

describe('a value cannot forge a line or deceive the eye', () => {
  test('there is one line feed, at the end, and no control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(DECEIVING, fc.string({ unit: 'binary' })) }), (text) => {
        const line = logOnce({ text })
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      }),
    )
  })

  test('what was escaped reads back as it was', () => {
    const text = 'a\u001b[31m\u202Eb\u2066c\u0085d\uFEFF😀'
    expect(JSON.parse(logOnce({ text }))).toMatchObject({ text })
  })
})

test('of a secret that begins with another secret nothing is left', () => {
  const redaction = createRedaction()
  redaction.hide('first-token')
  redaction.hide('first-token-and-more')
  expect(redaction.redact('it is first-token-and-more!')).toBe('it is [secret]!')
})

test('a text too short for a secret is not hidden everywhere', () => {
  const redaction = createRedaction()
  redaction.hide('dev')
  expect(redaction.redact('the dev queue')).toBe('the dev queue')
})
