import { fc } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf } from '../support/records.ts'

const places = [...Object.keys(buildTicket('low')), 'reporter', 'steps', '__proto__']
/** What SQS takes in a body: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const text = fc.string({ unit: 'binary' }).map((each) => each.replaceAll(/[^\t\n\r -\ud7ff\ue000-\ufffd]/g, ''))
const anything = fc.oneof(fc.jsonValue(), text, fc.constantFrom(1e300, -1))

/** A message that is whole, changed in some places, cut off, of the older system, or no ticket at all. */
const messages = fc.oneof(
  fc.dictionary(fc.constantFrom(...places), anything, { maxKeys: 2 }).map((change) => (n: number) => {
    const ticket = Object.assign(buildTicket('low', n), change)
    return JSON.stringify({ v: 1, life: 0, ticket }).replaceAll(/[\u007f-\uffff]/g, '?')
  }),
  fc.nat({ max: 300 }).map((end) => (n: number) => envelopeOf(buildTicket('low', n)).slice(0, end + 1)),
  fc.tuple(text, text).map(
    ([title, description]) =>
      (n: number) =>
        JSON.stringify({ Title: `${n} ${title}`, Description: description, Priority: 'low' }),
  ),
  anything.map((value) => (n: number) => JSON.stringify([n, value]).replaceAll(/[\u007f-\uffff]/g, '?')),
  text.map((garbage) => (n: number) => `${n} ${garbage}`),
)
const attributes = fc.dictionary(fc.constantFrom('life', 'ticket', 'code', 'reason'), fc.constantFrom('0', '-1', 'x', 'T-00000-00001', '💥'), { maxKeys: 1 }) // prettier-ignore

it('whatever lies in the queue is delivered or archived whole, and none takes another with it', async () => {
  const counts = { delivered: 0, archived: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(messages, attributes), { minLength: 1, maxLength: 10 }), async (drawn) => {
      const bed = await startDeliveryBed()
      const bodies = drawn.map(([write], n) => write(n))
      for (const [n, [, more]] of drawn.entries()) await bed.send('low', bodies[n] ?? '', more)
      for (let turn = 0; turn < 4; turn += 1) {
        await bed.run('low')
        await bed.clock.advance('2s')
        await bed.run('dead')
        await bed.clock.advance('4m')
      }
      expect(await bed.run('low')).toMatchObject({ kind: 'idle' })
      expect(await bed.run('dead')).toMatchObject({ kind: 'idle' })
      const letters = await Promise.all((await bed.letters()).map((key) => bed.letter(key)))
      const archived = new Set(letters.map((letter) => letter?.message.body))
      const delivered = (await bed.objects('tickets/')).length
      for (const body of bodies) if (archived.has(body)) counts.archived += 1
      counts.delivered += delivered
      // A message of the older system that came under another's id is archived as the envelope of its ticket.
      const rewritten = [...archived].filter((body) => body !== undefined && !bodies.includes(body)).length
      expect(bodies.filter((body) => !archived.has(body)).length).toBe(delivered + rewritten)
      await bed.stop()
    }),
    { numRuns: 30 },
  )
  expect(counts.delivered).toBeGreaterThan(5)
  expect(counts.archived).toBeGreaterThan(5)
})
