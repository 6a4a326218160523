import { formatTime, quoteLines, spellOut } from '../simulators/plain-text.ts'
import type { SlackMessage } from './slack-state.ts'

/** The channels' messages as a person reads them: each with its thread below it. */
export function showMessages(messages: readonly SlackMessage[]): string {
  const isRoot = ({ ts, channel, threadTs }: SlackMessage): boolean =>
    threadTs === undefined ||
    threadTs === ts ||
    !messages.some((each) => each.channel === channel && each.ts === threadTs)
  const repliesTo = (root: SlackMessage): readonly SlackMessage[] =>
    messages.filter((each) => !isRoot(each) && each.channel === root.channel && each.threadTs === root.ts)
  return [
    'Slack simulator: newest message last',
    ...messages
      .filter(isRoot)
      .map((root) => [describe(root), ...repliesTo(root).map((reply) => indent(describe(reply)))].join('\n')),
    '',
  ].join('\n\n')
}

function describe({ at, ts, channel, shown, truncated, pings, threadTs }: SlackMessage): string {
  const isReply = threadTs !== undefined && threadTs !== ts
  const notes = [
    isReply ? 'in the thread' : '',
    truncated ? 'cut by Slack' : '',
    pings.length > 0 ? `notifies ${spellOut(pings.join(' '))}` : '',
  ]
  const noted = notes.filter((note) => note !== '').join(', ')
  return [`#${spellOut(channel)}  ${formatTime(at)}${noted === '' ? '' : `  [${noted}]`}`, ...quoteLines(shown)].join(
    '\n',
  )
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
