import { decodeEntities } from './decode-entities.ts'
import { type Token, readAttribute } from './html-tokens.ts'

/** One mention of a message, as Teams lists it beside the text. */
export interface Mention {
  /** The name as it is shown. */
  readonly name: string
  /** The account's name, when it is another one: people shorten mentions. */
  readonly account?: string
  /** Teams' id: `28:…` is a bot, `29:…` a person. */
  readonly id?: string
  /** `yes` for a certain bot, `no` for a certain person. */
  readonly isBot: 'yes' | 'no' | 'unknown'
}

/** The place of the bot's mention among tokens: from its first opening tag to its last closing one. */
export interface MentionRange {
  readonly start: number
  readonly end: number
  readonly name: string
}

interface Found extends MentionRange {
  readonly itemid: string | undefined
  listed?: Mention | undefined
}

/**
 * Finds the mention of the bot: the first that is listed as a bot; else the first that is not certainly a person,
 * because the list can be missing and the name can differ from the bot's other names. Teams splits a name with a space
 * into one mention for each word: neighbours with the same identity are one mention.
 */
export function findBotMention(tokens: readonly Token[], listed: readonly Mention[]): MentionRange | undefined {
  const found = findMentions(tokens)
  identify(found, listed)
  const index = found.findIndex((one) => one.listed?.isBot === 'yes')
  const first = index >= 0 ? index : found.findIndex((one) => one.listed?.isBot !== 'no')
  const bot = found[first]
  if (!bot) return undefined
  const parts: Found[] = [bot]
  for (const next of found.slice(first + 1)) {
    const last = parts.at(-1) ?? bot
    if (!isSame(last, next) || !areNeighbours(tokens, last, next)) break
    parts.push(next)
  }
  return { start: bot.start, end: (parts.at(-1) ?? bot).end, name: parts.map(({ name }) => name).join(' ') }
}

/** Every closed mention. One with a picture is an emoji: `text` wraps those in `<at>`. */
function findMentions(tokens: readonly Token[]): Found[] {
  const found: Found[] = []
  let open: { readonly tag: string; readonly start: number; depth: number; name: string } | undefined
  for (const [at, { kind, name, raw }] of tokens.entries()) {
    if (open === undefined) {
      if (kind === 'open' && isMention(name, raw)) open = { tag: name, start: at, depth: 1, name: '' }
      continue
    }
    if (kind === 'text') open.name += raw
    else if (name === 'img' || name === 'emoji' || name === 'customemoji') open = undefined
    else if (name === open.tag) open.depth += kind === 'open' ? 1 : -1
    if (open?.depth !== 0) continue
    const itemid = readAttribute(tokens[open.start]?.raw ?? '', 'itemid')
    found.push({ start: open.start, end: at, name: plainName(decodeEntities(open.name)), itemid })
    open = undefined
  }
  return found
}

function isMention(name: string, raw: string): boolean {
  return name === 'at' || /schema\.skype\.com\/mention/i.test(readAttribute(raw, 'itemtype') ?? '')
}

/** Finds each mention in the list: by its name, by its number among equal names, else by its number alone. */
function identify(found: Found[], listed: readonly Mention[]): void {
  const byName = Map.groupBy(listed, ({ name }) => plainName(name).toLowerCase())
  for (const [order, one] of found.entries()) {
    const byNumber = listed[Number(one.itemid ?? order)] ?? listed[order]
    const name = one.name.toLowerCase()
    const isOfThatName = byNumber !== undefined && plainName(byNumber.name).toLowerCase() === name
    one.listed = isOfThatName ? byNumber : (byName.get(name)?.[0] ?? byNumber)
  }
}

function isSame(one: Found, other: Found): boolean {
  if (one.listed && other.listed) return one.listed.id !== undefined && one.listed.id === other.listed.id
  return one.itemid !== undefined && one.itemid === other.itemid
}

function areNeighbours(tokens: readonly Token[], one: Found, other: Found): boolean {
  return tokens
    .slice(one.end + 1, other.start)
    .every(({ kind, raw }) => kind !== 'text' || decodeEntities(raw).trim() === '')
}

function plainName(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().replace(/^@/, '')
}
