import { beforeAll, describe, expect, it } from 'vitest'
import { runPlanted } from '../support/run-planted.ts'
import type { PlantedRun } from '../support/run-planted.ts'

describe('whose a testbed is', () => {
  let run: PlantedRun
  beforeAll(async () => {
    run = await runPlanted('test/testbed/planted/owners.planted.ts')
  }, 60_000)

  /** What was printed of a test that failed: the titles of the tickets in it. */
  function toldOf(test: string): string[] {
    const told = run.errors.split(/^(?=".*" failed\. )/m).filter((each) => each.startsWith(`"${test}" failed. `))
    return [
      ...new Set(told.flatMap((each) => [...each.matchAll(/Title: (of the \w+)/g)].map(([, title = '']) => title))),
    ]
  }

  it.each([
    ['is left open by a timeout', ['of the timeout']],
    ['has no testbed', []],
    ['fails in the describe', ['of the describe']],
    ['fails in another describe', []],
    ['fails side by side: first', ['of the first']],
    ['fails side by side: second', ['of the second']],
  ])('a test that %s is told of its own alone', (test, titles) => {
    expect([run.statusOf(test), toldOf(test)]).toEqual(['failed', titles])
  })

  it('what goes on in a testbed whose test timed out holds nobody up', () => {
    expect(run.messagesOf('is left open by a timeout')).toContain('Test timed out in 2000ms')
    expect(run.messagesOf('is left open by a timeout')).not.toContain('hook timed out')
  })

  it('a testbed that nobody stopped is stopped, and its unfired faults fail the test', () => {
    expect(run.messagesOf('leaves a testbed open')).toContain(
      'never met a call: {"at":"trello.createCard","kind":"5xx"}',
    )
  })

  it('each of two testbeds is told of', () => {
    const said = run.messagesOf('has two testbeds with faults that never fire')
    expect(said).toContain('never met a call: {"at":"slack.postMessage","kind":"reset"}')
    expect(said).toContain('never met a call: {"at":"s3.putObject","kind":"conflict"}')
  })

  it('who is fine stays fine', () => {
    expect(run.statusOf('is fine')).toBe('passed')
  })
})
