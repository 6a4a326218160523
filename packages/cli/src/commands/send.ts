import { parseArgs } from 'node:util'
import type { TeamsReply } from '@ticketing/testbed'
import { sleep } from 'ticket-adapters/clock'
import {
  PRIORITIES,
  readCommand,
  readPriority,
  splitToken,
  type Command as TeamsCommand,
  type LedgerRecord,
} from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { connect, type System } from '../connect.ts'
import { hintFor, type Hint, findTarget, readAddress, TARGET_HELP, TARGET_OPTIONS, type Target } from '../target.ts'
import { describeRecord } from '../show-record.ts'
import { lineWidth } from '../text/layout.ts'
import { besideJson } from '../print-target.ts'
import { loadTestbed } from '../load.ts'
import type { Command, CommandContext } from '../command.ts'
import { asciiJson, printable } from '../text/printable.ts'

/** Milliseconds between two reads of the ledger, and of all reads. */
const LOOK_EVERY = 150
const LOOK_FOR = 60_000

/** Sends a message as Teams would, signed, and follows the ticket to where it lands. */
export const send: Command = {
  name: 'send',
  summary: 'send a message as Teams would, and see where the ticket lands',
  help: `ticketing send --title "…" --priority low|medium|high --description "…" [--steps "…"]
ticketing send --text "help"     any other text after the mention
  --to URL     the server's address (default: the running testbed's; with a cloud on this machine port 3978 of it)
  --no-wait    do not follow the ticket
  --json       one JSON object: the answer, the ticket's id, and its record where it landed${TARGET_HELP}`,
  async run(args, context) {
    const text = { type: 'string' } as const
    const options = {
      ...TARGET_OPTIONS,
      title: text,
      priority: text,
      description: text,
      steps: text,
      text,
      to: text,
      'no-wait': { type: 'boolean' },
      json: { type: 'boolean' },
    } as const
    const { values, tokens } = parseArgs({ args: [...args], options, tokens: true })
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
    const repeated = names.find((name, at) => names.indexOf(name) !== at)
    if (repeated !== undefined) throw new CliError(`--${repeated} is given twice; give it once`, 2)
    const message = values.text === undefined ? formText(values) : onlyText(values.text, values)
    const to = values.to === undefined ? undefined : readAddress('--to', values.to)
    const target = await findTarget(values, context)
    const system = await connect(target, context)
    const url = to ?? target.running?.server ?? besideCloud(target)
    const token = system.secret.teamsTokens.map((entry) => splitToken(entry).token)[0]
    if (url === undefined) throw new CliError('where to? Name the server: --to http://127.0.0.1:3978', 2)
    if (token === undefined) throw new CliError('the secret holds no Teams token to sign with')
    const { createTeamsSimulator, findTicketId, replyText } = await loadTestbed()
    const teams = createTeamsSimulator({
      clock: context.clock,
      token,
      url,
      botName: target.running?.botName ?? 'tickets',
    })
    const people = besideJson(context, values.json)
    const start = context.clock.now()
    const reply = await teams.sendText(message)
    const milliseconds = context.clock.now() - start
    const said = replyText(reply)
    people.print(`answered in ${milliseconds} ms:`)
    for (const line of printable(said).split('\n')) people.print(`  ${line}`)
    if (reply.kind === 'failed') throw new CliError(describeFailed(reply, url))
    const command = commandOf(message)
    const id = command === 'ticket' ? findTicketId(said) : undefined
    const isFollowed = id !== undefined && !values['no-wait']
    const record = isFollowed ? await follow(system, people, { id, start, hint: hintFor(values) }) : undefined
    if (values.json) context.print(asciiJson({ milliseconds, answer: said, ticket: id, record }))
    if (isFollowed) return record?.state === 'delivered' ? 0 : 1
    const isUnanswered = command === 'ticket' ? id === undefined : command === 'unclear' || command === 'which-ticket'
    return isUnanswered ? 1 : 0
  },
}

/** The default address of the server for a cloud on this machine. */
function besideCloud({ endpoint }: Target): string | undefined {
  const host = endpoint === undefined ? '' : new URL(endpoint).hostname
  return ['127.0.0.1', 'localhost', '[::1]'].includes(host) ? `http://${host}:3978` : undefined
}

/** What the server reads in the message. A command is answered at once: there is no new ticket to follow. */
function commandOf(message: string): TeamsCommand['kind'] {
  return readCommand({ id: '', at: 0, text: message, imageAttachments: 0, conversationId: '' }).kind
}

/** Teams shows one sentence for every failure. A person at a terminal needs the reason. */
function describeFailed({ reason, status }: Extract<TeamsReply, { kind: 'failed' }>, url: string): string {
  switch (reason) {
    case 'no-connection':
      return `nothing answers at ${url}; is the server running?`
    case 'timeout':
      return `the server at ${url} did not answer in the time that Teams allows`
    case 'status':
      return `the server at ${url} answered with HTTP status ${String(status)}; its log says why (401: another Teams token than the secret's, or a token that is bound to another team: ticketing tokens list shows its team, ticketing tokens release frees it)`
    case 'not-an-activity':
      return `what answered at ${url} is not the ticketing server`
  }
}

/** `--text` is the whole message: other fields would be lost. */
function onlyText(text: string, values: Readonly<Record<string, unknown>>): string {
  const beside = ['title', 'priority', 'description', 'steps'].filter((name) => values[name] !== undefined)
  if (beside.length === 0) return text
  throw new CliError(
    `--text is the whole message; leave out ${beside.map((name) => `--${name}`).join(', ')}, or --text`,
    2,
  )
}

function formText(values: {
  title?: string | undefined
  priority?: string | undefined
  description?: string | undefined
  steps?: string | undefined
}): string {
  const { title, priority, description, steps } = values
  if (title === undefined || priority === undefined || description === undefined) {
    const missing = Object.entries({ title, priority, description }).flatMap(([name, value]) =>
      value === undefined ? [`--${name}`] : [],
    )
    throw new CliError(
      `expected --title, --priority and --description (or --text "…" for any other message); missing: ${missing.join(', ')}`,
      2,
    )
  }
  if (readPriority(priority) === undefined)
    throw new CliError(`--priority: expected ${PRIORITIES.join(', ')}, got "${priority}"`, 2)
  return [
    `Title: ${title}`,
    `Priority: ${priority}`,
    `Description: ${description}`,
    ...(steps === undefined ? [] : [`Steps: ${steps}`]),
  ].join('\n')
}

interface Following {
  readonly id: string
  readonly start: number
  readonly hint: Hint
}

/** The ticket's record once it landed or died. */
async function follow(
  { bucket, ledger }: System,
  context: CommandContext,
  { id, start, hint }: Following,
): Promise<LedgerRecord | undefined> {
  let shown = ''
  while (!context.stop.aborted && context.clock.now() - start < LOOK_FOR) {
    const stored = await ledger.read(id)
    if (stored.kind === 'found' && stored.item.nonce !== shown) {
      shown = stored.item.nonce
      if (isOver(stored.item)) {
        context.print(`after ${context.clock.now() - start} ms:`)
        for (const line of describeRecord(stored.item, { width: lineWidth(context.columns), bucket }))
          context.print(line)
        return stored.item
      }
      if (stored.item.state === 'waiting')
        for (const line of describeRecord(stored.item, { width: lineWidth(context.columns), bucket }))
          context.print(line)
    }
    await sleep(context.clock, LOOK_EVERY)
  }
  context.print(`${id} has not landed yet; look later: ${hint(`status ${id}`)}`)
  return undefined
}

function isOver({ state }: LedgerRecord): boolean {
  return state === 'delivered' || state === 'dead'
}
