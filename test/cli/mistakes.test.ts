import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'vitest'
import { runInProcess } from '../support/run-in-process.ts'
import { FREE_PORTS, makeFolder } from './start-command.ts'

const TICKET = 'T-7QK2M-9XD4R'

describe.concurrent('a mistake of the user is one line, with what to do', () => {
  it.for([
    ['', 2, 'ticketing <command> [options]'],
    ['sned', 2, 'ticketing: there is no command "sned"; these are: dev, init, '],
    ['dev --prot 1', 2, "ticketing dev: Unknown option '--prot'; ticketing dev --help lists the options"],
    ['dev --port 70000', 2, 'ticketing dev: --port: expected a port from 0 to 65535 (0 takes a free one), got "70000"'],
    ['send --title x --description y', 2, 'ticketing send: expected --title, --priority and --description'],
    [
      'send --title x --description y --priority hgih',
      2,
      'ticketing send: --priority: expected low, medium, high, got "hgih"',
    ],
    [
      'send --title x',
      2,
      'ticketing send: expected --title, --priority and --description (or --text "…" for any other message); missing: --priority, --description',
    ],
    ['send --text help --title x', 2, 'ticketing send: --text is the whole message; leave out --title, or --text'],
    ['send --text help', 1, 'ticketing send: nothing to talk to: no testbed runs in this folder. Start one'],
    ['send --text help --to localhost', 2, 'ticketing send: --to: expected an address such as http://127.0.0.1:'],
    ['status', 2, `ticketing status: expected a ticket id such as ${TICKET}`],
    ['status T-1', 2, `ticketing status: expected a ticket id such as ${TICKET}, got "T-1"`],
    [`status ${TICKET} --endpoint cloud`, 2, 'ticketing status: --endpoint: expected an address such as http://'],
    [`status ${TICKET} --aws --endpoint http://x`, 2, 'ticketing status: --aws and --endpoint exclude each other'],
    ['dead-letters', 2, 'ticketing dead-letters: expected list, show, redrive, close or export'],
    ['dead-letters resend', 2, 'ticketing dead-letters: expected list, show, redrive, close or export, got "resend"'],
    ['dead-letters list x', 2, 'ticketing dead-letters: list: takes no id; show <id> shows one'],
    ['dead-letters list --dry-run', 2, 'ticketing dead-letters: list: --dry-run is not for it; list takes --cause, '],
    ['dead-letters list --cause', 2, "ticketing dead-letters: Option '--cause <value>' argument missing; ticketing "],
    ['dead-letters show', 2, `ticketing dead-letters: show: expected an id, such as ${TICKET}`],
    ['dead-letters show T-1', 2, `ticketing dead-letters: show: expected an id such as ${TICKET}, or another one `],
    ['dead-letters show ../x', 2, `ticketing dead-letters: show: expected an id such as ${TICKET}, or another one `],
    [`dead-letters show ${TICKET} --json --message`, 2, 'ticketing dead-letters: show: --json holds the whole message'],
    ['dead-letters redrive', 2, 'ticketing dead-letters: redrive: name ids, or --cause NAME, or --all: one of the'],
    [`dead-letters redrive ${TICKET} --all`, 2, 'ticketing dead-letters: redrive: name ids, or --cause NAME, or --all'],
    ['dead-letters redrive --all --cause x', 2, 'ticketing dead-letters: redrive: name ids, or --cause NAME, or --all'],
    [
      `dead-letters export ${TICKET} --cause x`,
      2,
      'ticketing dead-letters: export: name ids, or --cause NAME, not both',
    ],
    [`dead-letters export ${TICKET} --body`, 2, 'ticketing dead-letters: export: --body wants one id and --to FILE'],
    ['policy operator --prefix acme', 2, "ticketing policy: --account is missing: it must be the account's number, 12"],
    ['policy operator --prefix acme --account 1', 2, 'ticketing policy: --account is "1": it must be the account'],
  ] as const)('ticketing %s', async ([line, code, said], { expect }) => {
    await using folder = await makeFolder()
    const result = await runInProcess(line === '' ? [] : line.split(' '), { cwd: folder.path })
    expect(result.output.slice(0, said.length)).toBe(said)
    expect(result.output).not.toMatch(/^ +at /m)
    expect(result.code).toBe(code)
  })

  it.for([
    ['server --port x --endpoint http://127.0.0.1:9', 'TICKETING_PORT is "x": it must be a port from 0 to 65535.'],
    [
      'server --endpoint localhost:4566',
      '--endpoint: expected an address such as http://127.0.0.1:4566, got "localhost',
    ],
  ] as const)('ticketing %s: a line of its log, and no restart where 0 means so', async ([line, hint], { expect }) => {
    await using folder = await makeFolder()
    for (const [more, code] of [
      [[], 1],
      [['--restart-on-failure'], 0],
    ] as const) {
      const result = await runInProcess([...line.split(' '), ...more], { cwd: folder.path })
      expect(JSON.parse(result.output)).toMatchObject({
        level: 'error',
        event: 'server.not-started',
        hint: expect.stringContaining(hint),
      })
      expect(result.code).toBe(code)
    }
  })

  it('treats a running file as stale when its process id belongs to another process', async ({ expect }) => {
    await using folder = await makeFolder()
    await mkdir(join(folder.path, '.ticketing'))
    const address = 'http://127.0.0.1:9'
    const left = { server: address, cloud: address, trello: address, slack: address, region: 'us-east-1' }
    const team = { teamsToken: 'AAAA', botName: 'tickets', secretId: 'ticketing-app' }
    await writeFile(
      join(folder.path, '.ticketing', 'running.json'),
      JSON.stringify({ pid: process.pid, ...left, ...team }),
    )
    const result = await runInProcess(['status', TICKET], { cwd: folder.path })
    expect(result).toMatchObject({ code: 1, output: expect.stringContaining('no testbed runs in this folder') })
  })

  it.for([
    ['cloud.sqlite', 'start from nothing by dev --fresh'],
    ['vendors/slack.json', 'Delete that file to start from nothing.'],
  ] as const)('says what to do when .ticketing/state/%s is damaged', async ([file, todo], { expect }) => {
    await using folder = await makeFolder()
    const path = join(folder.path, '.ticketing', 'state', ...file.split('/'))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, '{"half of a file that was once larger, and is no database either: '.repeat(20))
    const result = await runInProcess(['dev', '--once', '--no-samples', ...FREE_PORTS], { cwd: folder.path })
    expect(result).toMatchObject({ code: 1, output: expect.stringContaining(todo) })
    expect(result.output).not.toMatch(/^ +at /m)
  })
})
