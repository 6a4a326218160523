import { asObject, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'
import type { Press, ResponseUrl, SlackMessage, SlackState } from './slack-state.ts'

/** Reads what `JSON.stringify` wrote of a state. */
export function readSlackState(json: string): SlackState {
  const state = parseObject(json) ?? {}
  return {
    messages: readField(state, 'messages', isItems).map(readMessage),
    presses: readField(state, 'presses', isItems).map(readPress),
    responseUrls: readField(state, 'responseUrls', isItems).map(readResponseUrl),
  }
}

function readMessage(item: unknown): SlackMessage {
  const saved = asObject(item) ?? {}
  const ticket = saved['ticket']
  const delayedMs = saved['delayedMs']
  const { threadTs, onlyFor, editedAt } = saved
  return {
    at: readField(saved, 'at', isNumber),
    ts: readField(saved, 'ts', isString),
    ...(isString(threadTs) && { threadTs }),
    channel: readField(saved, 'channel', isString),
    bot: readField(saved, 'bot', isString),
    ...(isString(onlyFor) && { onlyFor }),
    ...(isNumber(editedAt) && { editedAt }),
    text: readField(saved, 'text', isString),
    truncated: saved['truncated'] === true,
    blocks: readField(saved, 'blocks', isItems).map((block) => asObject(block) ?? {}),
    attachments: readField(saved, 'attachments', isItems),
    shown: readField(saved, 'shown', isString),
    pings: readField(saved, 'pings', isItems).filter(isString),
    ...(isString(ticket) && { ticket }),
    ...(isNumber(delayedMs) && { delayedMs }),
  }
}

function readPress(item: unknown): Press {
  const saved = asObject(item) ?? {}
  const text = (name: string): string => readField(saved, name, isString)
  const { reason } = saved
  return {
    at: readField(saved, 'at', isNumber),
    ts: text('ts'),
    message: text('message'),
    channel: text('channel'),
    actionId: text('actionId'),
    by: text('by'),
    outcome: readField(saved, 'outcome', isOutcome),
    ...(isString(reason) && { reason }),
  }
}

function isOutcome(value: unknown): value is Press['outcome'] {
  return value === 'waiting' || value === 'answered' || value === 'failed'
}

function readResponseUrl(item: unknown): ResponseUrl {
  const saved = asObject(item) ?? {}
  return {
    number: readField(saved, 'number', isNumber),
    message: readField(saved, 'message', isString),
    channel: readField(saved, 'channel', isString),
    user: readField(saved, 'user', isString),
    uses: readField(saved, 'uses', isNumber),
    expiresAt: readField(saved, 'expiresAt', isNumber),
  }
}
