import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readCaller, readIntakeUrl, type StackClients } from '@ticketing/stack'
import { CliError } from '../cli-error.ts'
import { createClientsOf, secretIdOf } from '../connect.ts'
import { askAddress, readAddress, type Address } from '../init/address.ts'
import { askValues } from '../init/ask-values.ts'
import { checkAll, checkGroup, findListNames, type VendorOptions } from '../init/check-group.ts'
import { findKey, findProblems, findRemoved, KEYS, placeholderToken, type Values } from '../init/keys.ts'
import { openFolderToWrite, openSecretsManager, readGiven, type SecretStore } from '../init/store.ts'
import { describeInit, describeState, type InitDone, printNext } from '../init/describe.ts'
import { besideJson, describeSharedTokens, stackError } from '../print-target.ts'
import { findTarget, hintFor, TARGET_HELP, TARGET_OPTIONS, type Target } from '../target.ts'
import { asciiJson } from '../text/printable.ts'
import { trelloAddress, type VendorFinding } from '../vendor-checks.ts'
import type { Command, CommandContext } from '../command.ts'

const text = { type: 'string' } as const
const OPTIONS = {
  ...TARGET_OPTIONS,
  from: text,
  to: text,
  prefix: text,
  board: text,
  list: text,
  'done-list': text,
  'public-url': text,
  'ngrok-domain': text,
  intake: text,
  change: { type: 'string', multiple: true },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const
type Flags = ReturnType<typeof parseArgs<{ args: string[]; options: typeof OPTIONS }>>['values']

/** The flags for what is no secret: secrets on a command line are in the list of processes. */
const FLAGS = {
  PREFIX: 'prefix',
  TRELLO_BOARD_ID: 'board',
  TRELLO_LIST_NAME: 'list',
  TRELLO_DONE_LIST_NAME: 'done-list',
} as const

/** From nothing to secrets that are whole and checked. */
export const init: Command = {
  name: 'init',
  summary: 'set up: ask for what is needed, check it with Trello and Slack, write the secret',
  help: `ticketing init     asks for what is missing, says what to click, checks each value with its vendor and writes the secrets.
                   Safe to stop and to repeat: what is there stays, and is not asked for again. Shows no value, ever
  --change KEY      ask for this key although it is set (may be repeated)
  --to FOLDER       write files in place of the secrets, for an administrator: ticketing init --from FOLDER --yes
Without questions, as in a script; nothing is written unless everything is there and no vendor says no:
  --from FILE       a JSON object with the keys of both secrets, or a folder that --to made
  --prefix, --board, --list, --done-list    what is no secret; they go before the file
  --public-url URL, --ngrok-domain NAME, --intake lambda    how Teams reaches the server; kept in .env
  --yes             ask nothing
  --json            ask nothing; the result as one JSON object${TARGET_HELP}`,
  async run(args, context) {
    const { values: flags } = parseArgs({ args: [...args], options: OPTIONS })
    const people = besideJson(context, flags.json)
    const target = await findTargetOf(flags, context)
    const secretId = secretIdOf(target, context)
    const { store, place, proposed, clients } = await openStore(target, flags, context)
    const vendors: VendorOptions = {
      clock: context.clock,
      allowHttp: target.endpoint !== undefined,
      ...trelloAddress(target, context),
    }
    const change = readChange(flags.change ?? [])
    const stored = await store.read()
    const isShared = stored.app?.['TEAMS_HMAC_SECRET'] !== undefined
    const known: Values = { ...stored.app, ...stored.intake, ...(await readFlags(flags, secretId, context)) }
    people.print(`${place}${store.where}`)
    for (const line of describeState(known, vendors.allowHttp)) people.print(line)
    if (isShared) people.print(describeSharedTokens(secretId))
    const address = (await readAddress(flags, target, context)) ?? (await findFunctionUrl(clients, known))
    const found = await checkAll(known, vendors)
    const isAsking = context.openPrompt !== undefined && !flags.yes && !flags.json
    const task: Task = { known, found, address, change, proposed, vendors, store, flags, context: people }
    const done = isAsking ? await fillByAsking(task) : await fillFromFile(task)
    if (flags.json) context.print(asciiJson(describeInit(done, { secretId, allowHttp: vendors.allowHttp })))
    else printNext(done, { people, hint: hintFor(flags), to: flags.to })
    return 0
  },
}

interface Task {
  readonly known: Values
  readonly found: readonly VendorFinding[]
  readonly address: Address | undefined
  readonly change: ReadonlySet<string>
  readonly proposed: Values
  readonly vendors: VendorOptions
  readonly store: SecretStore
  readonly flags: Flags
  readonly context: CommandContext
}

/** To write files needs no AWS. */
async function findTargetOf(flags: Flags, context: CommandContext): Promise<Target> {
  const names = [flags.endpoint, flags.aws, context.env['AWS_ENDPOINT_URL'], context.env['TICKETING_AWS']]
  const isNamed = names.some((name) => name !== undefined && name !== '')
  return flags.to === undefined || isNamed ? findTarget(flags, context) : { kind: 'aws' }
}

async function openStore(
  target: Target,
  { to }: Flags,
  context: CommandContext,
): Promise<{ store: SecretStore; place: string; proposed: Values; clients?: StackClients }> {
  const secretId = secretIdOf(target, context)
  if (to !== undefined) return { store: await openFolderToWrite(context.cwd, to, secretId), place: '', proposed: {} }
  const clients = createClientsOf(target, context)
  const caller = await readCaller(clients)
  if (!caller.ok) throw stackError([caller.failure])
  const { accountId } = caller.value
  const region = target.region ?? (await clients.sqs.config.region())
  const where = target.endpoint === undefined ? ' (real AWS)' : ` at ${target.endpoint}`
  return {
    store: openSecretsManager(clients, secretId),
    place: `account ${accountId}, region ${region}${where}: `,
    proposed: { PREFIX: `tickets-${accountId.slice(-6)}` },
    clients,
  }
}

/** After `up --intake lambda` AWS knows the address. Who may only write secrets cannot ask, and is asked. */
async function findFunctionUrl(clients: StackClients | undefined, { PREFIX }: Values): Promise<Address | undefined> {
  if (!clients || PREFIX === undefined) return undefined
  const read = await readIntakeUrl(clients, PREFIX)
  return read.ok && read.value !== undefined ? { kind: 'known', url: read.value } : undefined
}

function readChange(names: readonly string[]): ReadonlySet<string> {
  for (const name of names) if (!findKey(name)) throw new CliError(`--change ${name}: expected one of ${listKeys()}`, 2)
  return new Set(names)
}

async function readFlags(flags: Flags, secretId: string, { cwd }: CommandContext): Promise<Values> {
  const fromFile = flags.from === undefined ? {} : await readGiven(cwd, flags.from, secretId)
  const unknown = Object.keys(fromFile).find((name) => !findKey(name))
  if (unknown !== undefined)
    throw new CliError(`--from ${flags.from}: "${unknown}" is no key of the secret; these are: ${listKeys()}`)
  const given = Object.entries(FLAGS).flatMap(([key, flag]) => {
    const value = flags[flag]
    return value === undefined ? [] : [[key, value] as const]
  })
  return { ...fromFile, ...Object.fromEntries(given) }
}

function listKeys(): string {
  return KEYS.map(({ name }) => name).join(', ')
}

async function fillByAsking(task: Task): Promise<InitDone> {
  const { known, vendors, store, context } = task
  using prompt = context.openPrompt?.()
  if (!prompt) throw new Error('there is no terminal to ask at')
  const print = (line: string): void => context.print(line)
  const address = task.address ?? (await askAddress({ prompt, print }, context, vendors.allowHttp))
  const wrong = task.found.filter(({ kind }) => kind === 'wrong')
  for (const { name, text: said } of wrong) print(`  ${name} is wrong: ${said}`)
  const written = new Set<string>()
  const keep = async (given: Values): Promise<void> => {
    for (const name of await store.write(given, findRemoved(known, given))) written.add(name)
  }
  const values = await askValues(withToken(known, address), {
    prompt,
    print,
    address: address.kind === 'known' ? address.url : undefined,
    allowHttp: vendors.allowHttp,
    change: new Set([...task.change, ...wrong.flatMap(({ keys }) => keys)]),
    isComplete: findProblems(known, vendors.allowHttp).length === 0,
    proposed: task.proposed,
    check: (group, given) => checkGroup(group, given, vendors),
    listNames: (given) => findListNames(given, vendors),
    keep,
  })
  await keep(values)
  return { values, address, findings: await checkAll(values, vendors), written: [...written] }
}

async function fillFromFile({ known, found, address, vendors, store, flags }: Task): Promise<InitDone> {
  if (address === undefined)
    throw new CliError(
      'how does Teams reach the server? Name its https address (--public-url URL, or --ngrok-domain NAME), or a Function URL (--intake lambda)',
    )
  const values = withToken(known, address)
  const problems = findProblems(values, vendors.allowHttp).map(
    ({ key, problem, expected }) => `${key} is ${problem}; expected ${expected}`,
  )
  const wrong = found.filter(({ kind }) => kind === 'wrong')
  const lines = [...problems, ...wrong.map(({ name, text: said }) => `${name}: ${said}`)]
  if (lines.length > 0) {
    const todo = flags.from === undefined ? ' Run it at a terminal to be asked, or name a file: --from secret.json' : ''
    throw new CliError(['nothing was written.' + todo, ...lines.map((line) => `  ${line}`)].join('\n'))
  }
  return { values, address, findings: found, written: await store.write(values) }
}

/** Behind a Function URL the address comes last, and with it the token: until then nothing can be signed. */
function withToken(values: Values, { kind }: Address): Values {
  const isThere = values['TEAMS_HMAC_SECRET'] !== undefined
  return kind === 'known' || isThere ? values : { ...values, TEAMS_HMAC_SECRET: placeholderToken(randomBytes(32)) }
}
