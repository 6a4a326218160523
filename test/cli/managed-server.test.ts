import { createProcessExecutor } from '@ticketing/local-aws'
import { startEmbeddedCloud } from '@ticketing/testbed'
import type { EmbeddedCloud } from '@ticketing/testbed'
import { systemClock } from 'ticket-adapters/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runInProcess } from '../support/run-in-process.ts'
import { makeFolder, startCommand } from './start-command.ts'
import type { RunningCommand } from './start-command.ts'

describe('a cloud with nothing in it, the simulators and a server that makes what it needs', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>
  let cloud: EmbeddedCloud
  let simulators: RunningCommand
  let trello = ''
  beforeAll(async () => {
    folder = await makeFolder()
    cloud = await startEmbeddedCloud({
      clock: systemClock,
      port: 0,
      observe: () => {},
      makeExecutor: (world) => createProcessExecutor({ clock: systemClock, directory: folder.path, ...world }),
    })
    const ports = ['--trello-port', '0', '--slack-port', '0']
    simulators = startCommand(
      ['simulators', '--endpoint', cloud.endpoint, '--prefix', 'managed', ...ports],
      folder.path,
    )
    trello = (await simulators.until(/TICKETING_TRELLO_URL=(\S+)[^]*named in the secret ticketing-app/))[1] ?? ''
  })
  afterAll(async () => {
    await simulators[Symbol.asyncDispose]()
    await cloud.close()
    await folder[Symbol.asyncDispose]()
  })
  const startServer = (env: Readonly<Record<string, string>> = {}): RunningCommand =>
    startCommand(['server', '--port', '0', '--restart-on-failure'], folder.path, {
      AWS_ENDPOINT_URL: cloud.endpoint,
      TICKETING_TRELLO_URL: trello,
      ...env,
    })

  it('the simulators say where they are, and are healthy once the secret is there', async () => {
    expect(simulators.output).toContain('account 000000000000, region us-east-1, prefix managed at ')
    expect((await fetch(`${trello}/health`)).status).toBe(200)
  })

  it('a server that may only serve names what is missing and ends so that it is left down', async () => {
    await using server = startServer()
    await expect(server.ended).resolves.toEqual({ code: 0, signal: null })
    const missing = ['LP', 'MP', 'HP'].map((stem) => expect.stringMatching(`Queue managed-${stem} does not exist`))
    expect(server.output.trim().split('\n')).toEqual(missing)
  })

  it('one that manages makes it, serves, changes nothing the next time, and ends so that it is started again', async () => {
    await using first = startServer({ TICKETING_MANAGE: '1' })
    const [, to = ''] = await first.until(/"server.started","url":"(http:[^"]+)"/)
    expect(first.output).toContain('"event":"stack.applied","changes":17,')
    const ticket = ['--title', 'T', '--priority', 'medium', '--description', 'D']
    const sent = await runInProcess(['send', '--endpoint', cloud.endpoint, '--to', to, ...ticket], { cwd: folder.path })
    expect(sent).toMatchObject({ code: 0, output: expect.stringMatching(/landed: +card /) })
    expect(simulators.output).toContain('card in Trello: T')

    await using second = startServer({ TICKETING_MANAGE: '1' })
    await second.until(/"server.started"/)
    expect(second.output).toContain('"event":"stack.applied","changes":0,')
    for (const server of [first, second]) {
      server.kill('SIGTERM')
      // Windows has no SIGTERM that a process could hear.
      const end = process.platform === 'win32' ? { signal: 'SIGTERM' } : { code: 143, signal: null }
      await expect(server.ended).resolves.toMatchObject(end)
    }
  })

  it.for([
    ['TICKETING_AWS=1 stands for --aws', { TICKETING_AWS: '1' }, [], 'simulators are for an emulated AWS only'],
    ['--aws means the same', {}, ['--aws'], 'simulators are for an emulated AWS only'],
    ['an endpoint wins', { TICKETING_AWS: '1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, [], 'no answer from AWS'],
  ] as const)('in an image: %s', async ([, env, args, said]) => {
    const result = await runInProcess(['simulators', ...args], { cwd: folder.path, env })
    expect(result.output).toContain(said)
    expect(result.code).not.toBe(0)
  })
})
