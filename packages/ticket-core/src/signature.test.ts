import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type KeyRing, prepareKeyRing, signBody, verifySignature } from './index.ts'

// Microsoft's published example: docs of 2018-08-15, see fixtures/README.md.
const PUBLISHED_TOKEN = 'vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA='
const PUBLISHED_HEADER = 'HMAC 03TCao0i55H1eVKUusZOTZRjtvYTs+mO41mPL+R1e1U='
const PUBLISHED_BODY = readFileSync(
  new URL('../../../fixtures/teams/microsoft-example-2018-08-15.json', import.meta.url),
)
const OTHER_TOKEN = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

function ringOf(...tokens: string[]): KeyRing {
  const ring = prepareKeyRing(tokens)
  if (!ring.ok) throw new Error(`bad tokens in a test: ${ring.failure.code}`)
  return ring.value
}

function verdict(authorization: string | undefined, ring = ringOf(PUBLISHED_TOKEN)): unknown {
  const verified = verifySignature({ ring, body: PUBLISHED_BODY, authorization })
  return verified.ok ? verified.value : verified.failure.code
}

describe('a signature', () => {
  test('of Microsoft’s published example holds', () => {
    expect(verdict(PUBLISHED_HEADER)).toEqual({ tokenIndex: 0 })
  })

  test('is made as Teams makes it', () => {
    expect(signBody({ ring: ringOf(PUBLISHED_TOKEN, OTHER_TOKEN), body: PUBLISHED_BODY })).toBe(PUBLISHED_HEADER)
  })

  test('holds with any token of the ring, and says which', () => {
    expect(verdict(PUBLISHED_HEADER, ringOf(OTHER_TOKEN, PUBLISHED_TOKEN))).toEqual({ tokenIndex: 1 })
  })

  test('does not care how the scheme is cased', () => {
    expect(verdict(PUBLISHED_HEADER.replace('HMAC', 'hmac'))).toEqual({ tokenIndex: 0 })
  })

  test.each([
    ['is missing', undefined, 'missing'],
    ['is empty', '', 'missing'],
    ['has another scheme', 'Bearer abc', 'wrong-scheme'],
    ['is the bare base64', PUBLISHED_HEADER.slice(5), 'wrong-scheme'],
    ['is the scheme alone', 'HMAC', 'wrong-scheme'],
    ['is not base64', 'HMAC ???', 'malformed'],
    ['is base64 of the URL alphabet', PUBLISHED_HEADER.replace('+', '-'), 'malformed'],
    ['lacks its padding', PUBLISHED_HEADER.slice(0, -1), 'malformed'],
    ['has stray bits behind its last byte', PUBLISHED_HEADER.replace('U=', 'V='), 'malformed'],
    ['has letters beyond ASCII', 'HMAC žluťoučký', 'malformed'],
    ['is too short', 'HMAC AAAA', 'wrong-length'],
    ['is too long', `HMAC ${Buffer.alloc(64).toString('base64')}`, 'wrong-length'],
    ['fits but for its last byte', PUBLISHED_HEADER.replace('1e1U=', '1e1E='), 'mismatch'],
    ['is another one', `HMAC ${Buffer.alloc(32).toString('base64')}`, 'mismatch'],
  ])('that %s is refused', (_case, authorization, code) => {
    expect(verdict(authorization)).toBe(code)
  })

  test('of a body with one bit changed is refused', () => {
    const body = Uint8Array.from(PUBLISHED_BODY)
    body.set([(body[0] ?? 0) ^ 1])
    const verified = verifySignature({ ring: ringOf(PUBLISHED_TOKEN), body, authorization: PUBLISHED_HEADER })
    expect(verified).toMatchObject({ ok: false, failure: { code: 'mismatch' } })
  })

  test('that is refused gives the operator a hint', () => {
    const refused = verifySignature({
      ring: ringOf(OTHER_TOKEN),
      body: PUBLISHED_BODY,
      authorization: PUBLISHED_HEADER,
    })
    expect(refused).toEqual({
      ok: false,
      failure: {
        code: 'mismatch',
        hint: 'no token fits this body: the webhook was made again and its token is not configured, or a proxy changed the body',
      },
    })
  })

  test('never throws, for any header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        expect(verdict(`HMAC ${header}`)).toBeTypeOf('string')
        expect(verdict(header)).toBeTypeOf('string')
      }),
    )
  })

  test('made of any body holds for that body', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const ring = ringOf(OTHER_TOKEN)
        expect(verifySignature({ ring, body, authorization: signBody({ ring, body }) })).toEqual({
          ok: true,
          value: { tokenIndex: 0 },
        })
      }),
    )
  })
})

const EXPECTED = 'base64 of 32 bytes: 44 characters, as Teams shows it'

describe('a key ring', () => {
  test('needs a token', () => {
    expect(prepareKeyRing([])).toEqual({ ok: false, failure: { code: 'no-tokens' } })
  })

  test.each([
    ['is not base64', 'not base64 at all'],
    ['was cut off when it was copied', PUBLISHED_TOKEN.slice(0, 40)],
    ['is empty', ''],
    ['has no team before its equals sign', `=${PUBLISHED_TOKEN}`],
    ['is a team alone', '19:team@thread.tacv2='],
  ])('names the token that %s by its index, never by its text', (_case, token) => {
    expect(prepareKeyRing([PUBLISHED_TOKEN, token])).toEqual({
      ok: false,
      failure: { code: 'malformed-token', index: 1, expected: EXPECTED },
    })
  })

  test.each([0, 7, 255])('refuses a made-up token: the byte %d again and again', (byte) => {
    expect(prepareKeyRing([Buffer.alloc(32, byte).toString('base64')])).toEqual({
      ok: false,
      failure: {
        code: 'malformed-token',
        index: 0,
        expected: 'a token that Teams made, and not one of under 8 different bytes, easy to guess',
      },
    })
  })

  test('names the team of each token, by a digest', () => {
    const ring = ringOf(` 19:a=b@thread.tacv2 = ${PUBLISHED_TOKEN}`)
    expect(ring.tokens).toEqual([{ digest: expect.stringMatching(/^[0-9a-f]{64}$/), team: '19:a=b@thread.tacv2' }])
    expect(ringOf(PUBLISHED_TOKEN).tokens).toEqual([{ digest: ring.tokens[0]?.digest }])
    expect(verdict(PUBLISHED_HEADER, ring)).toEqual({ tokenIndex: 0 })
  })

  test('accepts a token twice, but not for two teams', () => {
    expect(prepareKeyRing([PUBLISHED_TOKEN, PUBLISHED_TOKEN]).ok).toBe(true)
    expect(prepareKeyRing([`a=${PUBLISHED_TOKEN}`, `b=${PUBLISHED_TOKEN}`])).toMatchObject({
      failure: { code: 'malformed-token', index: 1 },
    })
    expect(prepareKeyRing([`a=${PUBLISHED_TOKEN}`, PUBLISHED_TOKEN]).ok).toBe(false)
  })

  test('takes a token with spaces around it', () => {
    expect(verdict(PUBLISHED_HEADER, ringOf(` ${PUBLISHED_TOKEN}\n`))).toEqual({ tokenIndex: 0 })
  })

  test('shows no key when it is printed', () => {
    const ring = ringOf(PUBLISHED_TOKEN)
    const printed = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify(ring)
    expect(printed).not.toContain(PUBLISHED_TOKEN)
    expect(printed).not.toContain('KeyObject')
  })
})
