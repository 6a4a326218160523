import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { startLocalAws, type ListeningAws } from '@ticketing/local-aws'
import { operatorPolicy, type StackClients } from '@ticketing/stack'
import { createInProcessClients, createJournal, startVendors, type Vendors } from '@ticketing/testbed'
import { systemClock as clock } from 'ticket-adapters/clock'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type InProcessOptions, type InProcessResult, runInProcess } from '../support/run-in-process.ts'
import { openAccount, SCOPE } from '../permissions/account.ts'
import { makeFolder } from './start-command.ts'

const TOKEN = Buffer.from('the token of a team, in 32 bytes').toString('base64')
const OTHER = Buffer.from('another token, also of 32 bytes.').toString('base64')
const ADDRESS = 'https://tickets.example.com'

let vendors: Vendors
let cloud: ListeningAws
let clients: StackClients
let folder: Awaited<ReturnType<typeof makeFolder>>
let all: Readonly<Record<string, string>>

beforeAll(async () => {
  vendors = await startVendors({ clock, journal: createJournal({ clock }), ports: { trello: 0, slack: 0 } })
  const { trello, slack } = vendors
  all = {
    PREFIX: 'acme',
    TRELLO_API_KEY: trello.key,
    TRELLO_API_TOKEN: trello.token,
    TRELLO_BOARD_ID: trello.boardId,
    TRELLO_LIST_NAME: 'To Do',
    TRELLO_DONE_LIST_NAME: 'Done',
    SLACK_URL: vendors.slackWebhookUrl,
    ADMIN_SLACK_URL: vendors.adminSlackUrl,
    TEAMS_HMAC_SECRET: TOKEN,
    TEAMS_NOTIFY_URL: vendors.workflows.at(vendors.workflowsUrl),
    TRELLO_API_SECRET: trello.apiSecret,
    SLACK_SIGNING_SECRET: slack.signingSecret,
  }
})
afterAll(() => vendors.close())
beforeEach(async () => {
  folder = await makeFolder()
  cloud = await startLocalAws()
  clients = createInProcessClients({
    region: 'us-east-1',
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: cloud.requestHandler,
  })
})
afterEach(async () => {
  await cloud.close()
  await folder[Symbol.asyncDispose]()
})

async function init(args: readonly string[], options: Partial<InProcessOptions> = {}): Promise<InProcessResult> {
  const env = { AWS_ENDPOINT_URL: cloud.endpoint, TICKETING_TRELLO_URL: vendors.trelloUrl }
  const result = await runInProcess(['init', ...args], { cwd: folder.path, env, clients, ...options })
  for (const secret of secrets()) expect(result.output, 'a secret is shown').not.toContain(secret)
  return result
}

/** The values that no output may hold. */
function secrets(): readonly string[] {
  return Object.entries(all).flatMap(([name, value]) => (/KEY|TOKEN|SECRET|URL/.test(name) ? [value] : []))
}

async function writeGiven(values: Readonly<Record<string, unknown>>): Promise<string> {
  await writeFile(join(folder.path, 'given.json'), JSON.stringify(values))
  return 'given.json'
}

async function secret(SecretId: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const { SecretString = '' } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId }))
    return JSON.parse(SecretString)
  } catch {
    return undefined
  }
}

async function addTo(SecretId: string, values: Readonly<Record<string, string>>): Promise<void> {
  const SecretString = JSON.stringify({ ...(await secret(SecretId)), ...values })
  await clients.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString }))
}

function without(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))
}

function split(): readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>] {
  const ofIntake = ['TEAMS_HMAC_SECRET', 'TRELLO_API_SECRET', 'SLACK_SIGNING_SECRET']
  const intake = Object.fromEntries(Object.entries(all).filter(([name]) => ofIntake.includes(name)))
  return [without(...ofIntake), intake]
}

describe('without questions', () => {
  it('writes both secrets from a file, checked with the vendors, and changes nothing the next time', async () => {
    const given = await writeGiven(all)
    const args = ['--from', given, '--yes', '--public-url', ADDRESS]
    const first = await init(args)
    expect(first.code, first.output).toBe(0)
    const [app, intake] = split()
    expect(await secret('ticketing-app')).toEqual(app)
    expect(await secret('ticketing-app-intake')).toEqual(intake)
    expect(first.output).toContain('right  trello-board: board "Tickets"')
    expect(first.output).toContain('Written: ticketing-app, ticketing-app-intake')
    expect(await readFile(join(folder.path, '.env'), 'utf8')).toBe(`TICKETING_PUBLIC_URL=${ADDRESS}\n`)
    const again = await init(['--yes'])
    expect(again.output).toContain('Nothing had to be written: all is there.')
    expect(vendors.slack.messages).toEqual([])
    expect(vendors.workflows.runs).toEqual([])
  })

  it('leaves a key that it does not know in its own secret: functions never get one of intake', async () => {
    await init(['--from', await writeGiven(all), '--yes', '--public-url', ADDRESS])
    await addTo('ticketing-app', { NOTE: 'ours' })
    await addTo('ticketing-app-intake', { TEAMS_HMAC_SECRET_OLD: 'the token before' })
    const changed = await writeGiven({ ...all, TRELLO_LIST_NAME: 'Doing', TEAMS_HMAC_SECRET: `${TOKEN},${OTHER}` })
    const { code, output } = await init(['--from', changed, '--yes'])
    expect(code, output).toBe(0)
    const [app, intake] = split()
    expect(await secret('ticketing-app')).toEqual({ ...app, TRELLO_LIST_NAME: 'Doing', NOTE: 'ours' })
    expect(await secret('ticketing-app-intake')).toEqual({
      ...intake,
      TEAMS_HMAC_SECRET: `${TOKEN},${OTHER}`,
      TEAMS_HMAC_SECRET_OLD: 'the token before',
    })
  })

  it('with --json prints one object: what is set, what the vendors said, what was written', async () => {
    const given = await writeGiven(without('ADMIN_SLACK_URL'))
    const { said, code } = await init(['--from', given, '--json', '--intake', 'lambda'])
    expect(said).toHaveLength(1)
    const result: unknown = JSON.parse(said[0] ?? '')
    expect(result).toMatchObject({
      address: null,
      keys: expect.arrayContaining([
        { name: 'SLACK_URL', secret: 'ticketing-app', state: 'set' },
        { name: 'ADMIN_SLACK_URL', secret: 'ticketing-app', state: 'not set' },
        { name: 'TEAMS_HMAC_SECRET', secret: 'ticketing-app-intake', state: 'set' },
      ]),
      checks: expect.arrayContaining([{ name: 'slack', result: 'right', text: 'Slack knows the webhook' }]),
      written: ['ticketing-app', 'ticketing-app-intake'],
    })
    expect(code).toBe(0)
  })

  it('takes what is no secret from flags, and the board by its web address', async () => {
    const given = await writeGiven(without('PREFIX', 'TRELLO_BOARD_ID', 'TRELLO_LIST_NAME'))
    const [board] = vendors.trello.boards
    const { shortUrl } = await trelloBoard(board?.id ?? '')
    const flags = ['--prefix', 'other', '--board', `${shortUrl}/tickets`, '--list', 'Doing']
    const { code, output } = await init(['--from', given, '--yes', '--public-url', ADDRESS, ...flags])
    expect(code, output).toBe(0)
    expect(await secret('ticketing-app')).toMatchObject({ PREFIX: 'other', TRELLO_LIST_NAME: 'Doing' })
  })

  it.each([
    [{ TRELLO_API_KEY: 'wrong' }, /trello-token: .*invalid key/],
    [{ TRELLO_API_TOKEN: 'wrong' }, /trello-token: .*invalid token/],
    [{ TRELLO_BOARD_ID: '5f00000000000000000000ff' }, /trello-board: .*TRELLO_BOARD_ID/],
    [{ TRELLO_LIST_NAME: 'Backlog' }, /trello-list: The board has no list "Backlog".*"To Do", "Doing", "Done"/],
    [{ TRELLO_DONE_LIST_NAME: 'Ready' }, /trello-done-list: /],
    [{ TRELLO_API_SECRET: 'too-short' }, /TRELLO_API_SECRET is malformed/],
    [{ TEAMS_HMAC_SECRET: 'dG9rZW4=' }, /TEAMS_HMAC_SECRET is malformed/],
    [{ TEAMS_NOTIFY_URL: 'workflows' }, /TEAMS_NOTIFY_URL is malformed/],
    [{ PREFIX: 'Acme' }, /PREFIX is malformed/],
    [{ SLACK_URL: undefined }, /SLACK_URL is missing/],
  ] as const)('writes nothing where something is wrong: %j', async (change, said) => {
    const given = await writeGiven({ ...all, ...change })
    const { code, output } = await init(['--from', given, '--yes', '--public-url', ADDRESS])
    expect(output).toMatch(said)
    expect(output).toContain('nothing was written')
    expect(code).toBe(1)
    expect(await secret('ticketing-app')).toBeUndefined()
    expect(await secret('ticketing-app-intake')).toBeUndefined()
  })

  it('refuses a token that may only read, and a webhook that Slack does not know', async () => {
    const reader = vendors.trello.addToken('read')
    const slack = vendors.slackWebhookUrl.replace(/.$/, 'x')
    const given = await writeGiven({ ...all, TRELLO_API_TOKEN: reader, SLACK_URL: slack })
    const { output } = await init(['--from', given, '--yes', '--public-url', ADDRESS])
    expect(output).toMatch(/trello-token: .*scope=read,write/)
    expect(output).toMatch(/slack: Slack answered 403 invalid_token/)
    expect(output).not.toContain(slack)
    expect(output).not.toContain(reader)
  })

  it('writes a value that its vendor could not be asked about, and says so', async () => {
    const given = await writeGiven(all)
    const env = { AWS_ENDPOINT_URL: cloud.endpoint, TICKETING_TRELLO_URL: 'http://127.0.0.1:1' }
    const { code, output } = await init(['--from', given, '--yes', '--public-url', ADDRESS], { env })
    expect(output).toMatch(/not checked {2}trello-token: trello was asked and gave no readable answer/)
    expect(code).toBe(0)
  })

  it.each([
    [[], /how does Teams reach the server/, 1],
    [['--public-url', 'tickets.example.com'], /--public-url is "tickets.example.com"/, 2],
    [['--intake', 'fargate'], /--intake: expected lambda/, 2],
    [['--intake', 'lambda', '--ngrok-domain', 'a.ngrok-free.dev'], /exclude each other/, 2],
    [['--change', 'SLACK'], /--change SLACK: expected one of PREFIX, /, 2],
    [['--from', 'nowhere.json'], /there is no such file/, 1],
  ] as const)('says what is wrong with %j', async (args, said, code) => {
    const result = await init([...args, '--yes'])
    expect(result.output).toMatch(said)
    expect(result.code).toBe(code)
  })

  it('refuses a key that is never read: it may be a misspelt one', async () => {
    const { output, code } = await init(['--from', await writeGiven({ ...all, SLACK_ULR: 'x' }), '--yes'])
    expect(output).toContain('"SLACK_ULR" is no key of the secret; these are: PREFIX, ')
    expect(code).toBe(1)
  })

  it('behind a Function URL puts a token that signs nothing in the place of the one that Teams will show', async () => {
    const given = await writeGiven(without('TEAMS_HMAC_SECRET'))
    const first = await init(['--from', given, '--yes', '--intake', 'lambda'])
    expect(first.code, first.output).toBe(0)
    expect(first.output).toMatch(/up --intake lambda +makes the resources\n[^]*init +once more, with the address/)
    const placed = (await secret('ticketing-app-intake'))?.['TEAMS_HMAC_SECRET']
    expect(placed).toMatch(/^not-yet=/)
    const again = await init(['--yes', '--public-url', ADDRESS])
    expect(again.output).toMatch(/TEAMS_HMAC_SECRET +not yet/)
    const token = await writeGiven({ TEAMS_HMAC_SECRET: TOKEN })
    await init(['--from', token, '--yes'])
    expect((await secret('ticketing-app-intake'))?.['TEAMS_HMAC_SECRET']).toBe(TOKEN)
  })
})

/** No server listens there: the simulator's limit of calls is for the other tests. */
const NO_TRELLO = 'http://127.0.0.1:1'
/** Writes the files of `all`, with changes, into the folder `secrets`. */
async function writeFiles(
  changes: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<InProcessResult> {
  const given = await writeGiven({ ...all, ...changes })
  const args = ['--from', given, '--to', 'secrets', '--yes', '--public-url', ADDRESS, '--endpoint', cloud.endpoint]
  return init(args, { env: { TICKETING_TRELLO_URL: NO_TRELLO, ...env } })
}

describe('for a person who may not write secrets', () => {
  it('says so, and names the ways out', async () => {
    await using account = await openAccount()
    const operator = await account.clientsFor(operatorPolicy(SCOPE))
    const args = ['--from', await writeGiven(all), '--yes', '--public-url', ADDRESS]
    const { code, output } = await init(args, { clients: operator })
    expect(output).toContain('may not write the secret ticketing-app.')
    expect(output).toContain('ticketing policy setup')
    expect(output).toContain('ticketing init --to FOLDER')
    expect(code).toBe(1)
  })

  it('writes files that only the owner can read and git ignores, without AWS; an administrator takes them', async () => {
    const given = await writeGiven(all)
    const env = { TICKETING_TRELLO_URL: vendors.trelloUrl }
    const files = await init(
      ['--from', given, '--to', 'secrets', '--yes', '--public-url', ADDRESS, '--endpoint', cloud.endpoint],
      { env },
    )
    expect(files.code, files.output).toBe(0)
    const path = join(folder.path, 'secrets', 'ticketing-app-intake.json')
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ TEAMS_HMAC_SECRET: TOKEN })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder.path, 'secrets'))).mode & 0o777).toBe(0o700)
    expect(await readFile(join(folder.path, 'secrets', '.gitignore'), 'utf8')).toBe('*\n')
    expect(files.output).toContain(
      'aws secretsmanager create-secret --name ticketing-app-intake --secret-string file://secrets/ticketing-app-intake.json',
    )
    const taken = await init(['--from', 'secrets', '--yes'])
    expect(taken.code, taken.output).toBe(0)
    expect(await secret('ticketing-app-intake')).toEqual(split()[1])
    await chmod(path, 0o644)
    const again = await writeFiles({ TRELLO_LIST_NAME: 'Doing' })
    expect(again.code, again.output).toBe(0)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('refuses a folder with other files, before any question, and changes nothing in it', async () => {
    const own = join(folder.path, 'secrets')
    await mkdir(join(own, 'src'), { recursive: true })
    await writeFile(join(own, '.gitignore'), 'dist\n')
    await chmod(own, 0o755)
    for (const result of [
      await writeFiles(),
      await init(['--to', 'secrets'], { answers: [] }),
      await init(['--to', 'given.json'], { answers: [] }),
    ]) {
      expect(result.output).toMatch(/init: --to (secrets|given\.json): .*expected a folder that is new or empty/)
      expect(result.output).not.toContain('PREFIX')
      expect(result.code).toBe(1)
    }
    expect(await readdir(own)).toEqual(['.gitignore', 'src'])
    expect(await readFile(join(own, '.gitignore'), 'utf8')).toBe('dist\n')
    expect((await stat(own)).mode & 0o777).toBe(0o755)
  })

  it('takes an empty folder, and closes it before a secret is in it', async () => {
    const own = join(folder.path, 'secrets')
    await mkdir(own)
    await chmod(own, 0o777)
    const { code, output } = await writeFiles()
    expect(code, output).toBe(0)
    expect((await stat(own)).mode & 0o777).toBe(0o700)
  })

  it.each([
    ['prod/ticketing', 'prod/ticketing', 'prod%2Fticketing'],
    ['../../outside', '../../outside', '..%2F..%2Foutside'],
    ['arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/app-AbCdEf', 'prod/app', 'prod%2Fapp'],
  ])('writes the files of the secret %s into the folder, and names the secret itself', async (secretId, name, file) => {
    const { code, output } = await writeFiles({}, { TICKETING_SECRET_ID: secretId })
    expect(code, output).toBe(0)
    const found = await readdir(join(folder.path, 'secrets'))
    expect(found.toSorted()).toEqual(['.gitignore', `${file}-intake.json`, `${file}.json`].toSorted())
    for (const part of ['', '-intake'])
      expect(output).toContain(`--name ${name}${part} --secret-string file://secrets/${file}${part}.json`)
    const env = { TICKETING_TRELLO_URL: NO_TRELLO, TICKETING_SECRET_ID: secretId }
    const taken = await init(['--from', 'secrets', '--to', 'copy', '--json', '--endpoint', cloud.endpoint], { env })
    expect(taken.code, taken.output).toBe(0)
  })
})

const list = (shown: string): string => {
  expect(shown).toContain('List')
  return '1'
}

describe('at a terminal', () => {
  it('asks in an order that works, says what to click, hides every secret and keeps what a vendor has checked', async () => {
    const answers = [
      '2',
      'tickets.example.com',
      ADDRESS,
      '',
      '',
      all['TRELLO_API_KEY'] ?? '',
      all['TRELLO_API_TOKEN'] ?? '',
      all['TRELLO_BOARD_ID'] ?? '',
      list,
      'Done',
      '',
      all['SLACK_URL'] ?? '',
      '',
      '',
      'dG9rZW4=',
      TOKEN,
      'n',
      'y',
      '',
      all['TRELLO_API_SECRET'] ?? '',
      '',
    ]
    const { code, output, said } = await init([], { answers })
    expect(code, output).toBe(0)
    const order = [
      'The address:',
      'First part of every name in AWS [tickets-000000]:',
      'Trello: where',
      'Slack: where',
      `Callback URL: ${ADDRESS}`,
      'Security token: (hidden)',
      'Shall the team hear',
    ]
    expect(order.map((text) => output.indexOf(text)).toSorted((one, other) => one - other)).toEqual(
      order.map((text) => output.indexOf(text)),
    )
    expect(order.every((text) => output.includes(text))).toBe(true)
    for (const hidden of ['API key', 'Token', 'Webhook URL', 'Security token'])
      expect(output).toContain(`  ${hidden}: (hidden)`)
    expect(output).toContain('Lists of the board: 1 To Do, 2 Doing, 3 Done')
    expect(said.filter((line) => line.includes('That is not right'))).toHaveLength(2)
    expect(await secret('ticketing-app')).toEqual({
      PREFIX: 'tickets-000000',
      TRELLO_API_KEY: all['TRELLO_API_KEY'],
      TRELLO_API_TOKEN: all['TRELLO_API_TOKEN'],
      TRELLO_BOARD_ID: all['TRELLO_BOARD_ID'],
      TRELLO_LIST_NAME: 'To Do',
      TRELLO_DONE_LIST_NAME: 'Done',
      SLACK_URL: all['SLACK_URL'],
    })
    expect(await secret('ticketing-app-intake')).toEqual({
      TEAMS_HMAC_SECRET: TOKEN,
      TRELLO_API_SECRET: all['TRELLO_API_SECRET'],
    })
  })

  it('interrupted, keeps what is there, and asks only for what is missing', async () => {
    const trello = [
      '',
      all['TRELLO_API_KEY'] ?? '',
      all['TRELLO_API_TOKEN'] ?? '',
      all['TRELLO_BOARD_ID'] ?? '',
      'To Do',
      '',
    ]
    const first = await init(['--public-url', ADDRESS], { answers: ['acme', ...trello, ''] })
    expect(first.output).toContain('stopped. What a vendor has checked is kept')
    expect(first.code).toBe(1)
    expect(await secret('ticketing-app')).toMatchObject({ PREFIX: 'acme', TRELLO_LIST_NAME: 'To Do' })
    expect(await secret('ticketing-app-intake')).toBeUndefined()
    const second = await init([], { answers: ['', all['SLACK_URL'] ?? '', '', '', TOKEN, 'n', 'n'] })
    expect(second.output).toMatch(/TRELLO_API_TOKEN +set\n/)
    expect(second.output).toMatch(/SLACK_URL +not set\n/)
    expect(second.output).not.toContain('The address:')
    expect(second.output).not.toContain('API key: (hidden)')
    expect(second.code, second.output).toBe(0)
    const third = await init([], { answers: [] })
    expect(third.output).toContain('Nothing had to be written')
    expect(third.code).toBe(0)
  })

  it('asks again for what the vendor calls wrong, and only for that', async () => {
    const { output, code } = await init(
      ['--from', await writeGiven({ ...all, TRELLO_API_TOKEN: 'wrong' }), '--public-url', ADDRESS],
      {
        answers: ['', 'wrong again', all['TRELLO_API_TOKEN'] ?? ''],
      },
    )
    expect(output.split('Token: (hidden)')).toHaveLength(3)
    expect(output).not.toContain('API key: (hidden)')
    expect(code, output).toBe(0)
    expect(await secret('ticketing-app')).toMatchObject({ TRELLO_API_TOKEN: all['TRELLO_API_TOKEN'] })
  })

  it('replaces a value with --change', async () => {
    await init(['--from', await writeGiven(all), '--yes', '--public-url', ADDRESS])
    const other = vendors.slack.at(vendors.slackUrl, vendors.slack.addWebhook('elsewhere'))
    const { code, output } = await init(['--change', 'SLACK_URL'], { answers: ['', other] })
    expect(code, output).toBe(0)
    expect(await secret('ticketing-app')).toMatchObject({ SLACK_URL: other, ADMIN_SLACK_URL: all['ADMIN_SLACK_URL'] })
  })

  it('removes a value with --change and Enter for none, from each secret that holds it', async () => {
    await init(['--from', await writeGiven(all), '--yes', '--public-url', ADDRESS])
    const note = { NOTE: 'ours' }
    await addTo('ticketing-app', { ...note, SLACK_SIGNING_SECRET: all['SLACK_SIGNING_SECRET'] ?? '' })
    await addTo('ticketing-app-intake', note)
    const answers = ['', '', 'y', '', '']
    const { code, output } = await init(['--change', 'ADMIN_SLACK_URL', '--change', 'SLACK_SIGNING_SECRET'], {
      answers,
    })
    expect(code, output).toBe(0)
    expect(output).toContain('Written: ticketing-app, ticketing-app-intake')
    const [{ ADMIN_SLACK_URL: _, ...app }, { SLACK_SIGNING_SECRET: __, ...intake }] = split()
    expect(await secret('ticketing-app')).toEqual({ ...app, ...note })
    expect(await secret('ticketing-app-intake')).toEqual({ ...intake, ...note })
    expect((await init(['--yes'])).output).toMatch(/SLACK_SIGNING_SECRET +not set[^]*Nothing had to be written/)
  })

  it('removes a value from the files of --to, too, and keeps it where the answer is a value', async () => {
    await writeFiles()
    const env = { TICKETING_TRELLO_URL: NO_TRELLO }
    const change = ['--change', 'TRELLO_API_SECRET', '--change', 'SLACK_SIGNING_SECRET']
    const { code, output } = await init(['--to', 'secrets', '--endpoint', cloud.endpoint, ...change], {
      env,
      answers: ['y', '', '', all['SLACK_SIGNING_SECRET'] ?? ''],
    })
    expect(code, output).toBe(0)
    const file = await readFile(join(folder.path, 'secrets', 'ticketing-app-intake.json'), 'utf8')
    expect(JSON.parse(file)).toEqual({
      TEAMS_HMAC_SECRET: TOKEN,
      SLACK_SIGNING_SECRET: all['SLACK_SIGNING_SECRET'],
    })
  })

  it('keeps ngrok’s domain and token in .env, for its owner alone, beside what is there', async () => {
    await writeFile(join(folder.path, '.env'), 'AWS_REGION=eu-central-1\nNGROK_DOMAIN=old.ngrok-free.dev\n')
    const given = await writeGiven(without('TRELLO_DONE_LIST_NAME'))
    const { output } = await init(['--from', given], {
      answers: ['1', 'https://new.ngrok-free.dev/', 'ngrok-secret-token'],
    })
    expect(await readFile(join(folder.path, '.env'), 'utf8')).toBe(
      'AWS_REGION=eu-central-1\nNGROK_DOMAIN=new.ngrok-free.dev\nNGROK_AUTHTOKEN=ngrok-secret-token\n',
    )
    expect((await stat(join(folder.path, '.env'))).mode & 0o777).toBe(0o600)
    expect(output).not.toContain('ngrok-secret-token')
  })
})

async function trelloBoard(id: string): Promise<{ readonly shortUrl: string }> {
  const { key, token } = vendors.trello
  const authorization = `OAuth oauth_consumer_key="${key}", oauth_token="${token}"`
  const answer = await fetch(`${vendors.trelloUrl}/1/boards/${id}`, { headers: { authorization } })
  return (await answer.json()) as { shortUrl: string }
}
