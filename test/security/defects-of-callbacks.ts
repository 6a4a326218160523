import type { SecurityDefect } from './defect.ts'

/** In what Trello and Slack, or who claims to be one of them, can reach. */
export const DEFECTS_OF_CALLBACKS: readonly SecurityDefect[] = [
  {
    name: 'takes any signature of Trello',
    file: 'ticket-core/src/callback-signature.ts',
    find: 'if (timingSafeEqual(mac, bytes)) return succeed(undefined)',
    put: 'if (mac.byteLength === bytes.byteLength) return succeed(undefined)',
    caughtBy: 'ticket-core/src/callback-signature.test.ts::with any one bit changed is refused',
  },
  {
    name: 'takes a request of Slack from the future',
    file: 'ticket-core/src/callback-signature.ts',
    find: 'if (Math.abs(seconds) <= SLACK_MAX_AGE) return succeed(undefined)',
    put: 'if (seconds <= SLACK_MAX_AGE) return succeed(undefined)',
    caughtBy: 'ticket-core/src/callback-signature.test.ts::is refused %i s after its time stamp',
  },
  {
    name: 'reads what was not signed',
    file: 'server/src/receive-callback.ts',
    find: 'if (signed.ok) return receive(request, known, deadline)',
    put: 'if (signed.ok || request.body.byteLength > 0) return receive(request, known, deadline)',
    caughtBy: 'server/src/callbacks.test.ts::%s: 401, without a word, and no event',
  },
  {
    name: 'asks for the secret at every forged callback',
    file: 'server/src/callback-secret.ts',
    find: 'if (now - renewedAt < RENEW_EVERY)',
    put: 'if (now < renewedAt)',
    caughtBy:
      'server/src/callbacks.test.ts::makes the server read the secret once in 30 s at most, however many forged callbacks come',
  },
  {
    name: 'takes a callback of any length',
    file: 'server/src/receive-callback.ts',
    find: 'if (request.body.byteLength > BODY_LIMIT)',
    put: 'if (request.body.byteLength < 0)',
    caughtBy: 'server/src/callbacks.test.ts::cannot send a body that is too large through a function URL',
  },
  {
    name: 'answers where nothing is set up',
    file: 'server/src/receive-callback.ts',
    find: 'if (!known || key === undefined) return NOT_SET_UP',
    put: 'if (!known || key === undefined) return TAKEN',
    caughtBy: 'server/src/callbacks.test.ts::%s: 404, whatever is asked',
  },
  {
    name: 'sends an event again that the case holds',
    file: 'server/src/submit-change.ts',
    find: 'if (hasEvent(known, foreign.id))',
    put: 'if (known.events.length < 0)',
    caughtBy: 'server/src/callbacks.test.ts::that is sent again is the same event: it has no time stamp, and an id',
  },
  {
    name: 'keeps the response URL',
    file: 'ticket-core/src/slack-press.ts',
    find: "cut(asText(user?.['name'])",
    put: "cut(asText(shape['response_url'])",
    caughtBy:
      'server/src/callbacks.test.ts::leaves its response URL, trigger and token nowhere: not in the event, not in the log',
  },
  {
    name: 'writes to any response URL',
    file: 'adapters/src/slack/create-press-answers.ts',
    find: '!responseUrl.startsWith(base) || ',
    put: '',
    caughtBy: 'server/src/callbacks.test.ts::is not replaced by way of %s',
  },
  {
    name: 'takes an action of another board',
    file: 'ticket-core/src/trello-action.ts',
    find: 'id === boardId || shortLink === boardId',
    put: "id !== '' || shortLink === boardId",
    caughtBy: 'server/src/callbacks.test.ts::%s makes no event, and is not sent again',
  },
  {
    name: 'takes the ticket of another card',
    file: 'server/src/receive-trello.ts',
    find: 'ports.places.list(prefix,',
    put: "ports.places.list('places/',",
    caughtBy: 'server/src/callbacks.test.ts::%s makes no event, and is not sent again',
  },
  {
    name: 'takes our own call for news',
    file: 'server/src/receive-trello.ts',
    find: '=== TRELLO_CLIENT',
    put: "=== 'no client'",
    caughtBy:
      'server/src/callbacks.test.ts::of our own call makes no event even when the ticket was reopened meanwhile',
  },
  {
    name: 'shows a secret of callbacks in the log',
    file: 'adapters/src/log/redaction.ts',
    find: 'trelloApiSecret, slackSigningSecret]',
    put: ']',
    caughtBy: 'adapters/src/log/log.test.ts::wherever in a value they stand',
  },
  {
    name: 'takes a copied card for its ticket’s',
    file: 'server/src/sweep/sweep-board.ts',
    find: 'return own === undefined || own === card ? [ticket] : []',
    put: 'return [ticket]',
    caughtBy: 'test/sweep/board.test.ts::is found for a card that no place names, but not for a copy of it',
  },
  {
    name: 'takes our own action for news',
    file: 'ticket-core/src/trello-action.ts',
    find: 'return isByProgram && by.id === ownMember',
    put: "return isByProgram && ownMember === ''",
    caughtBy:
      'test/sweep/board.test.ts::is not what our own sync did: a card that was archived because its ticket was closed, reopened meanwhile',
  },
]
