import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeDown, type Testbed } from '@ticketing/testbed'
import { systemClock } from 'ticket-adapters/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../cli/start-command.ts'
import { secretOf } from '../backends/names.ts'
import { type Backend, backend, REAL_TIME } from '../support/backend.ts'
import { runTicketing, startBed } from '../support/bed.ts'
import type { InProcessResult } from '../support/run-in-process.ts'

const TOKEN = Buffer.from('the token of a team, in 32 bytes').toString('base64')

/** The commands listen and call by sockets: on the virtual clock's turn the cloud has real processes, too. */
function real(): Backend {
  const here = backend()
  return here.kind === 'virtual' ? { kind: 'processes' } : here
}

describe('from nothing to a delivered ticket, by commands alone', REAL_TIME, () => {
  const on = real()
  const prefix = `${on.kind === 'external' ? on.cloud.run : 'test-00000000'}-${randomUUID().slice(0, 8)}`
  const secretId = secretOf(prefix)
  let bed: Testbed
  let folder: Awaited<ReturnType<typeof makeFolder>>
  beforeAll(async () => {
    folder = await makeFolder()
    bed = await startBed({}, on)
  })
  afterAll(async () => {
    await takeDown({ clients: bed.clients, clock: systemClock, prefix, secretId })
    await bed.stop()
    await folder[Symbol.asyncDispose]()
  })

  const env = (): Record<string, string> => ({
    TICKETING_SECRET_ID: secretId,
    TICKETING_TRELLO_URL: bed.addresses.trello,
    TICKETING_NEWS_DELAY: '1s',
  })
  const ticketing = (words: readonly string[], options = {}): Promise<InProcessResult> =>
    runTicketing(bed, words, { cwd: folder.path, env: env(), ...options })
  const must = async (...words: readonly string[]): Promise<string> => {
    const { code, output } = await ticketing(words)
    expect(code, `${words.join(' ')}:\n${output}`).toBe(0)
    return output
  }

  it('init, up, server, send; nothing is changed the second time, and doctor finds nothing wrong', async () => {
    const { trello, slack } = bed
    const secret = {
      PREFIX: prefix,
      TRELLO_API_KEY: trello.key,
      TRELLO_API_TOKEN: trello.token,
      TRELLO_BOARD_ID: trello.boardId,
      TRELLO_LIST_NAME: 'To Do',
      TRELLO_DONE_LIST_NAME: 'Done',
      SLACK_URL: slack.at(bed.addresses.slack),
      TEAMS_HMAC_SECRET: TOKEN,
      TRELLO_API_SECRET: trello.apiSecret,
      SLACK_SIGNING_SECRET: slack.signingSecret,
    }
    await writeFile(join(folder.path, 'secret.json'), JSON.stringify(secret))
    await must('init', '--from', 'secret.json', '--yes', '--public-url', 'http://127.0.0.1:3978')
    expect(await must('up')).toMatch(/create function/)
    expect(await must('up')).toContain('nothing to change')

    const stop = new AbortController()
    const address = Promise.withResolvers<string>()
    const serving = ticketing(['server', '--port', '0'], {
      stop: stop.signal,
      onLine: (line: string) => {
        const [, url] = /"event":"server.started","url":"([^"]+)"/.exec(line) ?? []
        if (url !== undefined) address.resolve(url)
      },
    })
    const url = await Promise.race([
      address.promise,
      serving.then(({ output }) => Promise.reject(new Error(`the server ended:\n${output}`))),
    ])
    try {
      const form = ['--title', 'Set up', '--priority', 'medium', '--description', 'From nothing.']
      expect(await must('send', '--to', url, ...form)).toMatch(/landed: +card /)
      expect(trello.cards.filter(({ name }) => name.includes('Set up'))).toHaveLength(1)
      if (on.kind === 'processes') await must('connect', '--public-url', url)
      const { said } = await ticketing(['doctor', '--json', '--public-url', url])
      const { checks }: { checks: { name: string; status: string; text: string }[] } = JSON.parse(said[0] ?? '')
      // Another cloud may know the vendors of this machine by a name that is not known here.
      const ofAws =
        /^(credentials|clock|secret|queue|bucket|policy|role|function|mapping|running|dead|backlog|self-test)/
      const wrong = checks.filter(({ status }) => status === 'wrong')
      expect(on.kind === 'processes' ? wrong : wrong.filter(({ name }) => ofAws.test(name))).toEqual([])
    } finally {
      stop.abort('SIGINT')
      await serving
    }
    expect(await must('down', '--delete-data')).toContain('removed queue')
  })
})
