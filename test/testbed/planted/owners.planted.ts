// Owners of testbeds. failing-tests.test.ts checks the output of these tests.
import { startTestbed, type VirtualTestbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const FORM = { priority: 'high', description: 'It stays white.' }

it('leaves a testbed open', async () => {
  const bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'trello.createCard', kind: '5xx' })
  await bed.teams.send({ ...FORM, title: 'of the open' })
  expect(bed.slack.messages).toHaveLength(1)
})

it('has two testbeds with faults that never fire', async () => {
  await using first = await startTestbed({ clock: 'virtual' })
  await using second = await startTestbed({ clock: 'virtual' })
  first.faults.add({ at: 'slack.postMessage', kind: 'reset' })
  second.faults.add({ at: 's3.putObject', kind: 'conflict' })
  expect(first).not.toBe(second)
})

it('is left open by a timeout', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.teams.send({ ...FORM, title: 'of the timeout' })
  expect(bed.slack.messages).toHaveLength(1)
  const never = new Int32Array(new SharedArrayBuffer(4))
  const tick = (): void => {
    // It goes on while the others run.
    Atomics.wait(never, 0, 0, 20)
    bed.clock.after(1_000, tick)
  }
  tick()
  await bed.clock.advance('100000d')
}, 1_000)

it('has no testbed', () => {
  expect(1).toBe(2)
})

describe('in a describe with a testbed', () => {
  let bed: VirtualTestbed
  beforeAll(async () => {
    bed = await startTestbed({ clock: 'virtual' })
    await bed.teams.send({ ...FORM, title: 'of the describe' })
  })
  afterAll(() => bed.stop())

  describe('and another inside', () => {
    it('fails in the describe', () => expect(bed.trello.cards).toHaveLength(7))
  })
})

describe('in another describe', () => {
  it('fails in another describe', () => expect(1).toBe(2))
})

describe('side by side', () => {
  it.concurrent.each(['first', 'second'])('fails side by side: %s', async (name) => {
    await using bed = await startTestbed({ clock: 'virtual' })
    await bed.teams.send({ ...FORM, title: `of the ${name}` })
    expect(bed.trello.cards).toHaveLength(7)
  })
})

it('is fine beside owners', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  await bed.teams.send({ ...FORM, title: 'of the fine' })
  expect(bed.slack.messages).toHaveLength(1)
})
