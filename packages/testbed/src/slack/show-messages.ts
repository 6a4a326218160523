import { formatTime, quoteLines, spellOut } from '../simulators/plain-text.ts'
import { buttonsOf } from './block-actions.ts'
import type { Press, SlackMessage, SlackState } from './slack-state.ts'

/** The channels' messages as a person reads them: each with its buttons, who pressed them, and its thread. */
export function showMessages({ messages, presses }: Pick<SlackState, 'messages' | 'presses'>): string {
  const isRoot = ({ ts, channel, threadTs }: SlackMessage): boolean =>
    threadTs === undefined ||
    threadTs === ts ||
    !messages.some((each) => each.channel === channel && each.ts === threadTs)
  const repliesTo = (root: SlackMessage): readonly SlackMessage[] =>
    messages.filter((each) => !isRoot(each) && each.channel === root.channel && each.threadTs === root.ts)
  const show = (message: SlackMessage): string =>
    [
      describe(message),
      ...buttonsOf(message).map(({ action_id: id }) => `  [button] ${spellOut(id)}`),
      ...presses
        .filter((press) => press.message === message.ts && press.channel === message.channel)
        .map(describePress),
    ].join('\n')
  return [
    'Slack simulator: newest message last',
    ...messages
      .filter(isRoot)
      .map((root) => [show(root), ...repliesTo(root).map((reply) => indent(show(reply)))].join('\n')),
    '',
  ].join('\n\n')
}

function describe(message: SlackMessage): string {
  const { at, ts, channel, shown, truncated, pings, threadTs, onlyFor, editedAt } = message
  const isReply = threadTs !== undefined && threadTs !== ts
  const notes = [
    isReply ? 'in the thread' : '',
    onlyFor === undefined ? '' : `only ${onlyFor} sees it`,
    editedAt === undefined ? '' : `replaced ${formatTime(editedAt)}`,
    truncated ? 'cut by Slack' : '',
    pings.length > 0 ? `notifies ${spellOut(pings.join(' '))}` : '',
  ]
  const noted = notes.filter((note) => note !== '').join(', ')
  return [`#${spellOut(channel)}  ${formatTime(at)}${noted === '' ? '' : `  [${noted}]`}`, ...quoteLines(shown)].join(
    '\n',
  )
}

function describePress({ by, actionId, at, outcome, reason }: Press): string {
  const mark = outcome === 'failed' ? `  (!) ${reason ?? ''}` : outcome === 'waiting' ? '  ...' : ''
  return `  ${spellOut(by)} pressed ${spellOut(actionId)}  ${formatTime(at)}${mark}`
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
