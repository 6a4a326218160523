import { createHash } from 'node:crypto'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { identify, identifyOlderMessage, readTicketId } from './index.ts'

const MESSAGE = { tenantId: 'tenant', conversationId: '19:abc@thread.tacv2;messageid=1', activityId: '1759944781430' }

describe('a ticket id', () => {
  test('is the first 50 bits of the digest in Crockford’s base32', () => {
    const { id, source } = identify(MESSAGE)
    const digest = createHash('sha256')
      .update('["teams","tenant","19:abc@thread.tacv2;messageid=1","1759944781430"]')
      .digest()
    const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((place) =>
      '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(Number.parseInt(bits.slice(place * 5, place * 5 + 5), 2)),
    )
    expect(source).toBe(digest.toString('hex'))
    expect(id).toBe(`T-${digits.slice(0, 5).join('')}-${digits.slice(5).join('')}`)
  })

  test('stays what it was: tickets of an earlier release keep their ids', () => {
    expect(identify(MESSAGE).id).toBe('T-AP39B-FY9G8')
    expect(identifyOlderMessage('059f36b4-87a3-44ab-83d2-661975830a7d').id).toBe('T-SM0S0-ZKFAW')
  })

  test.each([
    ['tenant', { tenantId: 'another' }],
    ['lack of a tenant', { tenantId: undefined }],
    ['conversation', { conversationId: '19:abd@thread.tacv2;messageid=1' }],
    ['activity', { activityId: '1759944781431' }],
  ])('is another one for another %s', (_part, change) => {
    expect(identify({ ...MESSAGE, ...change }).id).not.toBe(identify(MESSAGE).id)
  })

  test('keeps the parts apart: moving a character from one to the next changes it', () => {
    expect(identify({ tenantId: 'a', conversationId: 'bc', activityId: 'd' })).not.toEqual(
      identify({ tenantId: 'ab', conversationId: 'c', activityId: 'd' }),
    )
  })

  test('of one message is always the same and always reads as itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (tenantId, conversationId, activityId) => {
        const identity = identify({ tenantId, conversationId, activityId })
        expect(identify({ tenantId, conversationId, activityId })).toEqual(identity)
        expect(readTicketId(identity.id)).toBe(identity.id)
        expect(identity.id).toMatch(/^T-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
      }),
    )
  })
})

describe('an id as people type it', () => {
  test.each([
    ['as printed', 'T-7QK2M-9XD4R'],
    ['in small letters', 't-7qk2m-9xd4r'],
    ['without dashes', 'T7QK2M9XD4R'],
    ['without the T', '7QK2M-9XD4R'],
    ['with spaces', ' T 7QK2M 9XD4R '],
    ['with a long dash', 'T–7QK2M–9XD4R'],
    ['in quotes and with a full stop', '“T-7QK2M-9XD4R”.'],
    ['as code', '`T-7QK2M-9XD4R`'],
  ])('is read %s', (_how, typed) => {
    expect(readTicketId(typed)).toBe('T-7QK2M-9XD4R')
  })

  test('is read with O for 0 and I or L for 1', () => {
    expect(readTicketId('T-O0IL1-oilZZ')).toBe('T-00111-011ZZ')
  })

  test.each([
    ['nothing', ''],
    ['a word', 'login'],
    ['one digit too few', 'T-7QK2M-9XD4'],
    ['one digit too many', 'T-7QK2M-9XD4RR'],
    ['a U, which is no digit', 'T-7QK2M-9XD4U'],
    ['another letter in front', 'X-7QK2M-9XD4R'],
    ['a letter beyond ASCII', 'T-7QK2M-9XD4Ř'],
    ['a very long text', 'T-7QK2M-9XD4R'.repeat(1000)],
  ])('is none when it is %s', (_what, typed) => {
    expect(readTicketId(typed)).toBeUndefined()
  })

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        expect([undefined, 'string']).toContain(readTicketId(typed) === undefined ? undefined : 'string')
      }),
    )
  })
})
