import { beforeAll, describe, expect, it } from 'vitest'
import { runPlanted, type PlantedRun } from '../support/run-planted.ts'

let run: PlantedRun
beforeAll(async () => {
  run = await runPlanted('test/testbed/planted/fails.planted.ts', 'test/testbed/planted/owners.planted.ts')
}, 60_000)

describe('a test that fails with a testbed in it', () => {
  it('prints the timeline of the ticket that its error names, and no other', () => {
    const [, timeline = ''] = run.errors.split('"names a ticket" failed. ')
    expect(timeline).toMatch(/^What happened to T-\w{5}-\w{5}:\n {5}\+0 ms {2}teams {5}sent activity/)
    expect(timeline.split('" failed. ')[0]).toMatch(/\+250 ms {2}trello {4}card-created: "Login page is blank"\n/)
    expect(timeline.split('" failed. ')[0]).not.toContain('Somebody else')
  })

  it('shows its own error, not that its fault did not fire', () => {
    expect(run.messagesOf('fails before its fault fires')).toContain('to have a length of 1 but got +0')
    expect(run.messagesOf('fails before its fault fires')).not.toContain('these faults never hit a call')
  })

  it('fails for a fault that never fired, even if all else is fine', () => {
    expect(run.messagesOf('has a fault that never fires')).toContain(
      'never hit a call, or never happened: {"at":"slack.postMessage","kind":"5xx"}',
    )
  })

  it('does not affect other tests', () => {
    expect([run.code, run.statusOf('is fine beside failures')]).toEqual([1, 'passed'])
    expect(run.errors).not.toContain('"is fine beside failures" failed')
  })
})

describe('the owner of a testbed', () => {
  it.each([
    ['is left open by a timeout', ['of the timeout']],
    ['has no testbed', []],
    ['fails in the describe', ['of the describe']],
    ['fails in another describe', []],
    ['fails side by side: first', ['of the first']],
    ['fails side by side: second', ['of the second']],
  ])('a test that %s prints the timelines of its own testbeds only', (test, titles) => {
    expect([run.statusOf(test), printedTitles(test)]).toEqual(['failed', titles])
  })

  it('a testbed whose test timed out does not delay other tests', () => {
    expect(run.messagesOf('is left open by a timeout')).toContain('Test timed out in 1000ms')
    expect(run.messagesOf('is left open by a timeout')).not.toContain('hook timed out')
  })

  it('a testbed that is left open is stopped, and its unfired faults fail the test', () => {
    expect(run.messagesOf('leaves a testbed open')).toContain(
      'never hit a call, or never happened: {"at":"trello.createCard","kind":"5xx"}',
    )
  })

  it('the faults of both testbeds are listed', () => {
    const said = run.messagesOf('has two testbeds with faults that never fire')
    expect(said).toContain('never hit a call, or never happened: {"at":"slack.postMessage","kind":"reset"}')
    expect(said).toContain('never hit a call, or never happened: {"at":"s3.putObject","kind":"conflict"}')
  })

  it('a test that passes stays passed', () => {
    expect(run.statusOf('is fine beside owners')).toBe('passed')
  })
})

/** The titles of the tickets that a failed test printed. */
function printedTitles(test: string): string[] {
  const printed = run.errors.split(/^(?=".*" failed\. )/m).filter((each) => each.startsWith(`"${test}" failed. `))
  return [
    ...new Set(printed.flatMap((each) => [...each.matchAll(/Title: (of the \w+)/g)].map(([, title = '']) => title))),
  ]
}
