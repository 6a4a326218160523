import { describe, expect, test } from 'vitest'
import { identify, readCommand, type Command } from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const CONVERSATION = '19:c;messageid=1763906602000'
const ROOT = identify({ tenantId: 't', conversationId: CONVERSATION, activityId: '1763906602000' }).id

function commandOf(text: string): Command {
  const place = { id: '2', at: 0, imageAttachments: 0, conversationId: CONVERSATION, tenantId: 't' }
  return readCommand({ ...place, text: `<at>tickets</at> ${text}` })
}

describe('a question, or its "no", changes nothing: the sentence is suggested as it is', () => {
  test.each<[string, readonly string[]]>([
    [`${ID} resolved?`, [`close ${ID}`, `status ${ID}`, `comment ${ID} resolved?`]],
    [`close ${ID}?`, [`close ${ID}`, `status ${ID}`, `comment ${ID} close ${ID}?`]],
    [`${ID} fixed? no`, [`close ${ID}`, `status ${ID}`, `comment ${ID} fixed? no`]],
    [`${ID} fixed, not yet.`, [`close ${ID}`, `status ${ID}`, `comment ${ID} fixed, not yet.`]],
    [`take ${ID}？`, [`take ${ID}`, `status ${ID}`, `comment ${ID} take ${ID}？`]],
    [`${ID}: priority high?!`, [`priority ${ID} high`, `status ${ID}`, `comment ${ID} priority high?!`]],
    [`assign ${ID} to Ada?`, [`assign ${ID} Ada`, `status ${ID}`, `comment ${ID} assign ${ID} to Ada?`]],
    [`assign ${ID} to me?`, [`take ${ID}`, `status ${ID}`, `comment ${ID} assign ${ID} to me?`]],
    [`close ${ID} or is it back?`, [`close ${ID}`, `status ${ID}`, `comment ${ID} close ${ID} or is it back?`]],
    [`${ID} is not fixed`, [`comment ${ID} is not fixed`, `status ${ID}`]],
    [`${ID} not fixed`, [`comment ${ID} not fixed`, `status ${ID}`]],
    [`${ID} now it works`, [`comment ${ID} now it works`, `status ${ID}`]],
    ['fixed?', ['close', 'status', 'comment: fixed?']],
  ])('%s', (text, suggestions) => {
    expect(commandOf(text)).toMatchObject({ kind: 'unclear', suggestions })
  })

  test('what is suggested in a thread can be sent there', () => {
    const again = ['close', 'comment: fixed?'].map(commandOf)
    expect(again).toMatchObject([
      { ticket: { ids: [ROOT] }, change: { kind: 'closed' } },
      { ticket: { ids: [ROOT] }, change: { kind: 'commented', text: 'fixed?' } },
    ])
  })
})

describe('a request is done, however politely it is asked for', () => {
  test.each<[string, object]>([
    [`can you close ${ID}?`, { kind: 'closed' }],
    [`could you please take ${ID}?`, { kind: 'taken' }],
    [`close ${ID} not reproducible`, { kind: 'closed', reason: 'not reproducible' }],
    [`close ${ID} no longer needed`, { kind: 'closed', reason: 'no longer needed' }],
    [`close ${ID} asked "why?", answered by mail`, { kind: 'closed' }],
    [`comment ${ID} is it back?`, { kind: 'commented', text: 'is it back?' }],
    [`looking at ${ID}`, { kind: 'acknowledged' }],
    [`looking into ${ID}`, { kind: 'acknowledged' }],
  ])('%s', (text, change) => {
    expect(commandOf(text)).toMatchObject({ kind: 'change', change })
  })
})
