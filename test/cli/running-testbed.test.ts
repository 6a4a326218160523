import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { CommandResult } from '../support/run-command.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { FREE_PORTS, makeFolder, startCommand, type RunningCommand } from './start-command.ts'

const NO_SERVER = 'http://127.0.0.1:1'

describe('while ticketing dev runs in the folder', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>
  let dev: RunningCommand
  let cloud = ''
  let server = ''
  beforeAll(async () => {
    folder = await makeFolder()
    dev = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
    const [, ...addresses] = await dev.until(/^server +(http:\S+)[^]*^cloud +(http:\S+)[^]*Ctrl-C stops/m)
    ;[server = '', cloud = ''] = addresses
  })
  afterAll(async () => {
    await dev[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
    runInProcess(args, { cwd: folder.path, env })

  describe.concurrent('commands find it', () => {
    it.for([
      ['low', /landed: +tickets\/.+\.json/],
      ['medium', /landed: +card \w+/],
      ['HIGH', /landed: +the Slack channel of the webhook/],
    ] as const)('send follows a ticket of priority %s to where it lands', async ([priority, place], { expect }) => {
      const { code, output } = await run(['send', '--title', 'T', '--priority', priority, '--description', 'D'])
      expect(output).toMatch(/^answered in \d+ ms:\n {2}Ticket T-\w{5}-\w{5} accepted$/m)
      expect(output).toMatch(place)
      expect(code).toBe(0)
    })

    it('send shows the answer to help, and exits 1 where there is no ticket', async ({ expect }) => {
      const [help, incomplete] = await Promise.all([
        run(['send', '--text', 'help']),
        run(['send', '--text', 'Title: x']),
      ])
      expect(help).toMatchObject({ code: 0, output: expect.stringContaining('How to write a ticket') })
      expect(incomplete).toMatchObject({ code: 1, output: expect.stringContaining('Priority is missing') })
      // The tickets on the card of a list are not followed.
      await run(['send', '--title', 'Listed', '--priority', 'low', '--description', 'D'])
      const [list, unclear] = await Promise.all([run(['send', '--text', 'list']), run(['send', '--text', 'lst'])])
      expect(list.code).toBe(0)
      expect(list.output).toMatch(/Open tickets[^]*T-\w{5}-\w{5}: /)
      expect(list.output).not.toContain('landed')
      expect(unclear).toMatchObject({ code: 1, output: expect.stringContaining('Did you mean: @tickets list') })
    })

    it('send says when nothing answers', async ({ expect }) => {
      const result = await run(['send', '--text', 'help', '--to', 'http://127.0.0.1:1'])
      expect(result).toMatchObject({
        code: 1,
        output: expect.stringContaining('nothing answers at http://127.0.0.1:1;'),
      })
    })

    it('refuses an option that is given twice: one of the texts would be lost', async ({ expect }) => {
      const { code, output } = await run([
        'send',
        '--title',
        'x',
        '--priority',
        'low',
        '--description',
        'D',
        '--title',
        'z',
      ])
      expect(code).toBe(2)
      expect(output).toContain('--title is given twice')
    })

    it('foreign text does not control the terminal: an answer, a title', async ({ expect }) => {
      const tricks = 'a\u001b[31mb\u202ec\u009b31m'
      const hostile = createServer((_request, response) => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ type: 'message', text: tricks }))
      })
      hostile.listen(0, '127.0.0.1')
      await once(hostile, 'listening')
      const address = hostile.address()
      const port = typeof address === 'object' && address ? address.port : 0
      const answered = await run(['send', '--text', 'help', '--to', `http://127.0.0.1:${port}`])
      hostile.close()
      expect(answered.output).toContain(String.raw`a\u{1b}[31mb\u{202e}c\u{9b}31m`)
      await run(['send', '--title', tricks, '--priority', 'medium', '--description', 'D'])
      const shown = await dev.until(/card in Trello: .*c31m/)
      for (const text of [answered.output, shown[0]]) expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u)
    })

    it('init finds everything set, and doctor finds nothing wrong', async ({ expect }) => {
      const init = await run(['init', '--yes'])
      expect(init.output).toContain('right  trello-board: board "Tickets"')
      expect(init.output).toContain('Nothing had to be written: all is there.')
      const doctor = await run(['doctor'])
      expect(doctor.output.split('\n').filter((line) => /^(WRONG|-)/.test(line))).toEqual([])
      expect([init.code, doctor.code]).toEqual([0, 0])
    })

    it('up finds nothing to change, also by the address that dev prints', async ({ expect }) => {
      const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-west-1' }
      const results = await Promise.all([run(['up']), run(['up'], { ...credentials, AWS_ENDPOINT_URL: cloud })])
      for (const { code, output } of results) {
        expect(output).toContain(`account 000000000000, region us-east-1, prefix dev at ${cloud}\nnothing to change\n`)
        expect(code).toBe(0)
      }
    })

    it('shows messages that do not become a ticket: refused, help, malformed, a question, a command', async ({
      expect,
    }) => {
      const refused = await fetch(server, { method: 'POST', body: '{}' })
      expect(refused.status).toBe(401)
      await dev.until(/ms +refused with 401 \(missing\): no Authorization header/)
      await run(['send', '--text', 'help'])
      await dev.until(/ms +answered with the help$/m)
      await run(['send', '--text', 'Title: x'])
      await dev.until(/ms +answered with what is wrong \(.*priority missing.*\) and a corrected form$/m)
      await run(['send', '--text', 'status T-ZZZZZ-ZZZZZ'])
      await dev.until(/ms +T-ZZZZZ-ZZZZZ +answered where it is: /)
      await run(['send', '--text', 'take T-ZZZZZ-ZZZZZ'])
      await dev.until(/ms +T-ZZZZZ-ZZZZZ +command take: not-known$/m)
    })

    it('every address that dev prints shows a readable page', async ({ expect }) => {
      await run(['send', '--title', 'Read me', '--priority', 'medium', '--description', 'the whole text'])
      await run(['send', '--title', 'Read me', '--priority', 'high', '--description', 'the whole text'])
      const answers = new Map<string, string>()
      for (const [, name = '', url = ''] of dev.output.matchAll(/^(server|cloud|Trello|Slack) +(http:\S+)/gm)) {
        const answer = await fetch(url)
        expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
        answers.set(name, await answer.text())
      }
      expect(answers.get('server')).toContain('GET /health, /ready or /metrics')
      expect(answers.get('cloud')).toContain('AWS_ENDPOINT_URL')
      expect(answers.get('Trello')).toContain('  | the whole text')
      expect(answers.get('Slack')).toContain('  | the whole text')
    })

    it('the card of a receipt can be opened there, and no link leads to the real Trello', async ({ expect }) => {
      const sent = await run(['send', '--title', 'Linked', '--priority', 'medium', '--description', 'D'])
      expect(sent.output).not.toContain('trello.com')
      const [card = ''] = /(?<=card )\w{8}/.exec(sent.output) ?? []
      const [trello = ''] = /(?<=^Trello +)\S+/m.exec(dev.output) ?? []
      expect(await (await fetch(`${trello}/c/${card}`)).text()).toMatch(/^Linked {2}\[list To Do\]/)
    })

    // The error of `simulators` shows its target: it refuses real AWS, and the testbed of this folder.
    it.for([
      [
        '--endpoint before all else',
        ['--endpoint', NO_SERVER],
        { AWS_ENDPOINT_URL: '$CLOUD', TICKETING_AWS: '1' },
        /no answer from AWS/,
      ],
      [
        'AWS_ENDPOINT_URL before TICKETING_AWS',
        [],
        { AWS_ENDPOINT_URL: NO_SERVER, TICKETING_AWS: '1' },
        /no answer from AWS/,
      ],
      ['--aws before the testbed', ['--aws'], {}, /emulated AWS only/],
      ['TICKETING_AWS before the testbed', [], { TICKETING_AWS: '1' }, /emulated AWS only/],
      ['then the testbed of the folder', [], {}, /has simulators of its own/],
      [
        '--aws not beside AWS_ENDPOINT_URL',
        ['--aws'],
        { AWS_ENDPOINT_URL: NO_SERVER },
        /--aws: AWS_ENDPOINT_URL is set/,
      ],
      ['--aws not beside --endpoint', ['--aws', '--endpoint', NO_SERVER], {}, /exclude each other/],
      [
        'no other region than the testbed’s',
        ['--region', 'eu-west-1'],
        {},
        /--region eu-west-1: the testbed of this folder is in us-east-1; leave --region out/,
      ],
      ['its own region may be named', ['--region', 'us-east-1'], {}, /has simulators of its own/],
    ] as const)('which AWS: %s', async ([, args, env, said], { expect }) => {
      const variables = Object.entries(env).map(([name, value]) => [name, value === '$CLOUD' ? cloud : value])
      const result = await run(['simulators', ...args], Object.fromEntries(variables))
      expect(result.output).toMatch(said)
      expect(result.code).not.toBe(0)
    })

    it('TICKETING_SECRET_ID names another system in the same cloud, and the error says which the testbed has', async ({
      expect,
    }) => {
      const { code, output } = await run(['status', 'T-ZZZZZ-ZZZZZ'], { TICKETING_SECRET_ID: 'other-app' })
      expect(code).toBe(1)
      expect(output).toContain('the secret "other-app" is not there')
      expect(output).toContain('(the testbed of this folder has ticketing-app)')
    })

    it('dead-letters has none to list or redrive, and names an unknown id', async ({ expect }) => {
      const [listed, shown, redriven] = await Promise.all([
        run(['dead-letters', 'list']),
        run(['dead-letters', 'show', 'T-ZZZZZ-ZZZZZ']),
        run(['dead-letters', 'redrive', 'T-ZZZZZ-ZZZZZ']),
      ])
      expect(listed).toMatchObject({ code: 0, output: 'no dead letters are waiting\n' })
      expect(shown).toMatchObject({ code: 1, output: expect.stringContaining('no dead letter T-ZZZZZ-ZZZZZ') })
      expect(redriven).toMatchObject({ code: 1, output: expect.stringContaining('0 of 1 redriven') })
    })

    it('server serves beside it, takes a signed ticket, and stops with 0', async ({ expect }) => {
      await using server = startCommand(['server', '--port', '0'], folder.path)
      const [, url = ''] = await server.until(/"url":"(http:[^"]+)"/)
      const sent = await run(['send', '--to', url, '--text', 'help'])
      expect(sent).toMatchObject({ code: 0, output: expect.stringContaining('How to write a ticket') })
      server.kill('SIGTERM')
      await expect(server.ended).resolves.toEqual({ code: 0, signal: null })
      expect(server.output).toContain('"signal":"SIGTERM"')
    })
  })

  it('down is refused, with --keep-data it leaves the bucket with tickets, and up creates the rest again', async ({
    expect,
  }) => {
    expect(await run(['down'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('bucket dev-bucket: it holds'),
    })
    const down = await run(['down', '--keep-data'])
    expect(down).toMatchObject({ code: 0, output: expect.stringContaining('left bucket dev-bucket: it holds') })
    expect(down.output).toContain('removed queue dev-HP')
    const up = await run(['up'])
    expect(up).toMatchObject({ code: 0, output: expect.stringContaining('create queue dev-HP') })
    expect(up.output).not.toContain('bucket')
  })
})
