import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { activity, bytesOf, promised, sign } from '../test/desk.ts'
import type { SmallAws } from '../test/small-aws.ts'
import { openSmallAws } from '../test/small-aws.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

let aws: SmallAws
const children: ChildProcess[] = []

beforeEach(async () => {
  aws = await openSmallAws()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await aws.close()
})

/** The real process, its environment from scratch but for what the test gives. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=source', MAIN], {
    env: { PATH: process.env['PATH'] ?? '', AWS_ENDPOINT_URL: aws.url, TICKETING_PORT: '0', ...KEYS, ...env },
  })
  children.push(child)
  let [output, errors] = ['', '']
  let look: (() => void) | undefined
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += String(text)
    look?.()
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += String(text)
  })
  const ended = new Promise<{ code: number | null; output: string; errors: string }>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, output, errors })
    })
  })
  const logged = (event: string): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      look = () => {
        const line = output.split('\n').find((one) => one.includes(`"event":"${event}"`))
        if (line !== undefined) resolve(JSON.parse(line))
      }
      look()
    })
  return { child, ended, logged }
}

const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }

/** A message of this very moment, since the process has the system's clock. */
function send(url: string): Promise<Response> {
  const body = bytesOf(activity({ timestamp: new Date().toISOString() }))
  return fetch(url, { method: 'POST', body: Buffer.from(body), headers: { authorization: sign(body) } })
}

describe('the server as a process', () => {
  // Windows has no SIGTERM that a process could hear.
  it.skipIf(process.platform === 'win32')(
    'told to stop by SIGTERM answers the ticket at work, then ends with 0; its log holds no secret',
    async () => {
      const { child, ended, logged } = run({})
      const { url } = await logged('server.started')
      const [arrived, released] = [promised<undefined>(), promised<undefined>()]
      aws.beforeSend = () => {
        arrived.resolve(undefined)
        return released.promise
      }
      const answer = send(String(url))
      await arrived.promise
      child.kill('SIGTERM')
      await logged('server.stopping')
      released.resolve(undefined)
      expect(await (await answer).text()).toContain('accepted')
      const { code, output } = await ended
      expect(code).toBe(0)
      expect(output).toContain('"event":"server.stopped"')
      expect(output).not.toContain('vqF0En')
    },
    20_000,
  )

  it.skipIf(process.platform === 'win32')(
    'told twice ends at once',
    async () => {
      const { child, ended, logged } = run({})
      const { url } = await logged('server.started')
      const arrived = promised<undefined>()
      aws.beforeSend = () => {
        arrived.resolve(undefined)
        return promised<undefined>().promise
      }
      const answer = send(String(url)).catch(() => 'cut off')
      await arrived.promise
      child.kill('SIGTERM')
      await logged('server.stopping')
      child.kill('SIGINT')
      expect((await ended).code).toBe(130)
      expect(await answer).toBe('cut off')
    },
    20_000,
  )

  it('with wrong settings names each on a line of its own and ends with 1', async () => {
    const { code, errors } = await run({ TICKETING_PORT: 'http', TICKETING_MAX_AGE: '-1' }).ended
    expect(code).toBe(1)
    expect(errors.trim().split('\n')).toEqual([
      'ticketing server: TICKETING_PORT is "http": it must be a port from 0 to 65535.',
      'ticketing server: TICKETING_MAX_AGE is "-1": it must be whole seconds from 1 to 86400.',
    ])
  }, 20_000)
})
