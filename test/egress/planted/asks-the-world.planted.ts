import { beforeAll, describe, expect, test } from 'vitest'

/** As careless code does: it ignores whatever goes wrong. */
async function askCarelessly(url: string): Promise<void> {
  await fetch(url).catch(() => undefined)
}

test('swallows the refusal', async () => {
  await askCarelessly('http://192.0.2.1/')
  expect(1).toBe(1)
})

test('asks nobody', () => {
  expect(1).toBe(1)
})

describe('a group', () => {
  beforeAll(() => askCarelessly('http://192.0.2.2/'))

  test('is charged with what its hook asked', () => {
    expect(1).toBe(1)
  })
})
