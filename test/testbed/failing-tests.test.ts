import { beforeAll, describe, expect, it } from 'vitest'
import { runPlanted } from '../support/run-planted.ts'
import type { PlantedRun } from '../support/run-planted.ts'

describe('a test that fails with a testbed in it', () => {
  let run: PlantedRun
  beforeAll(async () => {
    run = await runPlanted('test/testbed/planted/fails.planted.ts')
  })

  it('prints the story of the ticket that its error names, and no other', () => {
    const [, story = ''] = run.errors.split('"names a ticket" failed. ')
    expect(story).toMatch(/^What happened to T-\w{5}-\w{5}:\n {5}\+0 ms {2}teams {5}sent activity/)
    expect(story.split('" failed. ')[0]).toMatch(/\+250 ms {2}trello {4}card-created: "Login page is blank"\n/)
    expect(story.split('" failed. ')[0]).not.toContain('Somebody else')
  })

  it('says why it failed, not that its fault did not fire', () => {
    expect(run.messagesOf('fails before its fault fires')).toContain('to have a length of 1 but got +0')
    expect(run.messagesOf('fails before its fault fires')).not.toContain('these faults never met a call')
  })

  it('fails, were all well but for a fault that never fired', () => {
    expect(run.messagesOf('has a fault that never fires')).toContain(
      'never met a call: {"at":"slack.postMessage","kind":"5xx"}',
    )
  })

  it('leaves its neighbours alone', () => {
    expect([run.code, run.statusOf('is fine')]).toEqual([1, 'passed'])
    expect(run.errors).not.toContain('"is fine" failed')
  })
})
