import { access, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { cleanEnvironment, FREE_PORTS, makeFolder, startCommand } from './start-command.ts'

const TICKET = /T-[0-9A-Z]{5}-[0-9A-Z]{5}/

/** In a process of its own: these tests are about processes. */
const run = (args: readonly string[], cwd: string): ReturnType<typeof runCommand> =>
  runCommand(args, { cwd, env: cleanEnvironment() })

// Each starts several processes: on a busy machine they are slow.
describe.concurrent('ticketing dev', { timeout: 90_000 }, () => {
  it('sends four samples, shows where each landed, and keeps them through kill -9, until --fresh forgets them', async ({
    expect,
  }) => {
    await using folder = await makeFolder()
    await using killed = startCommand(['dev', ...FREE_PORTS], folder.path)
    await killed.until(/Ctrl-C stops/)
    const { output } = killed
    expect(output).toMatch(/^message +ticket +landed +time$/m)
    expect(output).toMatch(/^high: .+ T-\w{5}-\w{5}  message in Slack, #tickets +\d+ ms$/m)
    expect(output).toMatch(/^medium: .+ T-\w{5}-\w{5}  card \w+ in Trello, list "To Do" +\d+ ms$/m)
    expect(output).toMatch(/^low: .+ (T-\w{5}-\w{5})  tickets\/\d{4}\/\d\d\/\d\d\/\d{6}-[a-z-]+-\1\.json +\d+ ms$/m)
    expect(output).toMatch(/^malformed: .+ -  +nowhere: answered with the problem and a corrected form +\d+ ms$/m)
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThan(120)
    const [ticket = ''] = new RegExp(`(?<=^medium: .*)${TICKET.source}`, 'm').exec(output) ?? []
    const before = await readRunning(folder.path)
    killed.kill('SIGKILL')
    // Its output closes only when the functions' processes are gone, too.
    await expect(killed.ended).resolves.toMatchObject({ signal: 'SIGKILL' })

    const stale = await runInProcess(['status', ticket], { cwd: folder.path })
    expect(stale).toMatchObject({ code: 1, output: expect.stringContaining('no testbed runs in this folder') })

    await using again = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
    await again.until(/Ctrl-C stops/)
    expect(again.output).not.toContain(ticket)
    expect(await readRunning(folder.path)).toMatchObject({ pid: again.pid, teamsToken: before['teamsToken'] })
    const asked = await runInProcess(['status', ticket], { cwd: folder.path })
    expect(asked).toMatchObject({
      code: 0,
      output: expect.stringMatching(/is delivered\n +landed: +the Slack channel /),
    })
    const cards = await readFile(join(folder.path, '.ticketing', 'state', 'vendors', 'trello.json'), 'utf8')
    expect(cards.split(ticket).length).toBeGreaterThan(1)

    const second = await run(['dev', ...FREE_PORTS], folder.path)
    expect(second).toMatchObject({
      code: 1,
      output: expect.stringContaining(`runs in this folder already (process ${again.pid}`),
    })
    again.kill('SIGINT')
    await expect(again.ended).resolves.toEqual({ code: 0, signal: null })
    expect(again.output).toContain('stopping')
    expect(await isAnnounced(folder.path)).toBe(false)

    await using fresh = startCommand(['dev', '--fresh', '--no-samples', ...FREE_PORTS], folder.path)
    await fresh.until(/Ctrl-C stops/)
    const forgotten = await runInProcess(['status', ticket], { cwd: folder.path })
    expect(forgotten).toMatchObject({ code: 1, output: expect.stringContaining(`${ticket} has no record`) })
    fresh.kill('SIGTERM')
    await expect(fresh.ended).resolves.toEqual({ code: 0, signal: null })
  })

  it('with --once shows how people work on the samples and who is notified, and ends by itself with 0', async ({
    expect,
  }) => {
    await using folder = await makeFolder()
    const { code, output } = await run(['dev', '--once', ...FREE_PORTS], folder.path)
    expect(output).toMatch(/^high: .+ message in Slack, #tickets +\d+ ms$/m)
    const [, lives = ''] = /^malformed: .*\n([^]*)/m.exec(output) ?? []
    const shown = lives.replaceAll(new RegExp(TICKET, 'g'), 'T-…').replaceAll(/\d\d:\d\d:\d\d/g, '10:00:00')
    expect(shown.trim()).toBe(LIVES)
    expect(code).toBe(0)
    expect(await isAnnounced(folder.path)).toBe(false)
  })

  it('says why a message is unreadable, which one it is, and how to see it', async ({ expect }) => {
    await using folder = await makeFolder()
    await using dev = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
    await dev.until(/Ctrl-C stops/)
    const [endpoint = ''] = await dev.until(/(?<=^cloud +)\S+/m)
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const sqs = new SQSClient({ region: 'us-east-1', endpoint, credentials })
    const { MessageId } = await sqs.send(
      new SendMessageCommand({ QueueUrl: `${endpoint}/000000000000/dev-LP`, MessageBody: 'ping' }),
    )
    const [key = ''] = await dev.until(/unreadable-[0-9a-f]{16}/)
    await dev.until(/kept as a dead letter/)
    expect(dev.output).toContain(`cannot be read: the body is not JSON (message ${MessageId}): to the dead letters`)
    expect(dev.output).toContain(`kept as a dead letter: npx -y pnpm@12 ticketing dead-letters show ${key}`)
    dev.kill('SIGINT')
    await dev.ended
  })

  it.each([
    ['the server', '--port'],
    ['the embedded cloud', '--cloud-port'],
    ['the Trello simulator', '--trello-port'],
    ['the Slack simulator', '--slack-port'],
  ])('names the flag when the port of %s is in use, and leaves nothing running', async (who, flag) => {
    await using folder = await makeFolder()
    await using taken = await takePort()
    const args = ['dev', ...FREE_PORTS, flag, String(taken.port)]
    // The server starts last: then the most could stay, and the process would not end.
    const { code, output } =
      flag === '--port' ? await run(args, folder.path) : await runInProcess(args, { cwd: folder.path })
    expect(output.trimEnd().split('\n').at(-1)).toBe(
      `ticketing dev: port ${taken.port} is in use, and ${who} needs it; choose another by ${flag} N (0 takes a free one)`,
    )
    expect(code).toBe(1)
    expect(await isAnnounced(folder.path)).toBe(false)
  })

  it('names all ports in use together, and two equal ones', async ({ expect }) => {
    await using folder = await makeFolder()
    await using one = await takePort()
    await using other = await takePort()
    const args = ['dev', ...FREE_PORTS, '--trello-port', String(one.port), '--port', String(other.port)]
    const { code, output } = await runInProcess(args, { cwd: folder.path })
    expect(output).toMatch(
      `ticketing dev: port ${other.port} is in use, and the server needs it; choose another by --port N (0 takes a free one)
port ${one.port} is in use, and the Trello simulator needs it; choose another by --trello-port N (0 takes a free one)
`,
    )
    expect(code).toBe(1)
    const twice = await runInProcess(['dev', '--port', '1', '--slack-port', '1'], { cwd: folder.path })
    expect(twice).toMatchObject({ code: 2, output: expect.stringContaining('--port and --slack-port are both 1;') })
  })

  it('says after a restart which messages still wait, and in which queue', async ({ expect }) => {
    await using folder = await makeFolder()
    await using dev = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
    await dev.until(/Ctrl-C stops/)
    expect(dev.output).not.toContain('still waiting')
    const [endpoint = ''] = await dev.until(/(?<=^cloud +)\S+/m)
    const sqs = new SQSClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    for (const [queue, MessageBody] of [
      ['MP', 'one'],
      ['MP', 'two'],
      ['HP', 'three'],
    ] as const) {
      const QueueUrl = `${endpoint}/000000000000/dev-${queue}`
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds: 900 }))
    }
    dev.kill('SIGKILL')
    await dev.ended
    await using again = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
    await again.until(/Ctrl-C stops/)
    expect(again.output).toMatch(/^ *\d+ ms {2}still waiting from before: 2 messages in dev-MP, 1 message in dev-HP$/m)
    again.kill('SIGINT')
    await again.ended
  })
})

const LIVES = `T-…  high: Login page is blank
  10:00:00  Slack:  grace.example presses “Acknowledge” → acknowledged, shown in Slack
  10:00:00  Teams:  Nordmann, Ola writes: comment → acknowledged, shown in Slack
  10:00:00  Slack:  grace.example presses “Close” → closed, shown in Slack
  The team was notified: Closed by grace.example in Slack

T-…  medium: Report counts twice
  10:00:00  Teams:  Nordmann, Ola writes: take → in progress, shown in Trello
  10:00:00  Trello: Grace Example moves the card to “Doing” → in progress
  10:00:00  Trello: Grace Example comments: Only October? → in progress
  10:00:00  Teams:  Nordmann, Ola writes: priority high → in progress, shown in Trello and Slack
  10:00:00  Slack:  ada.example presses “Close” → closed, shown in Slack
  10:00:00  Teams:  Nordmann, Ola writes: reopen → in progress, shown in Slack
  The team was notified: Comment by Grace Example in Trello; Closed by ada.example in Slack

T-…  low: Typo on the imprint
  10:00:00  Teams:  Nordmann, Ola writes: take → in progress
  10:00:00  Teams:  Nordmann, Ola writes: done → closed`

/** The running file of the testbed in this folder. */
async function readRunning(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, '.ticketing', 'running.json'), 'utf8'))
}

/** Whether there is a running file in this folder. */
async function isAnnounced(folder: string): Promise<boolean> {
  return access(join(folder, '.ticketing', 'running.json')).then(
    () => true,
    () => false,
  )
}

async function takePort(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}
