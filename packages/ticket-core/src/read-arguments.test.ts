import { expect, test } from 'vitest'
import { readCommand } from './index.ts'

const ID = 'T-7QK2M-9XD4R'

test.each<[string, object]>([
  [`comment ${ID}: \`x\` y`, { kind: 'commented', text: '`x` y' }],
  [`comment ${ID} \`code\` and "words"`, { kind: 'commented', text: '`code` and "words"' }],
  [`comment \`${ID}\` "it" is back`, { kind: 'commented', text: '"it" is back' }],
  [`comment [${ID}] (again)`, { kind: 'commented', text: '(again)' }],
  [`close ${ID} "as designed", says Ada`, { kind: 'closed', reason: '"as designed", says Ada' }],
  [`close "${ID}" - *fixed* in 4.2`, { kind: 'closed', reason: '*fixed* in 4.2' }],
  [`comment **${ID}**: still white`, { kind: 'commented', text: 'still white' }],
  [`comment \`${ID}\`, \`x\` is 1`, { kind: 'commented', text: '`x` is 1' }],
])('the marks that a text begins with are its own: %s', (text, change) => {
  const place = { id: '2', at: 0, imageAttachments: 0, conversationId: '19:c' }
  expect(readCommand({ ...place, text: `<at>tickets</at> ${text}` })).toMatchObject({ kind: 'change', change })
})
