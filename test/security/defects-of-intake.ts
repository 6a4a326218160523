import type { SecurityDefect } from './defect.ts'

/** In what anyone on the internet, or in a team, can reach. */
export const DEFECTS_OF_INTAKE: readonly SecurityDefect[] = [
  {
    name: 'compares a prefix of the signature',
    file: 'ticket-core/src/signature.ts',
    find: 'if (timingSafeEqual(mac, claimed)) tokenIndex = index',
    put: 'if (timingSafeEqual(mac.subarray(0, 31), claimed.subarray(0, 31))) tokenIndex = index',
    caughtBy: 'ticket-core/src/signature.test.ts::that %s is refused',
  },
  {
    name: 'starts without a token',
    file: 'ticket-core/src/signature.ts',
    find: "if (tokens.length === 0) return fail({ code: 'no-tokens' })",
    put: '',
    caughtBy: 'ticket-core/src/signature.test.ts::needs a token',
  },
  {
    name: 'looks at no age',
    file: 'ticket-core/src/activity.ts',
    find: 'if (Math.abs(offByMs) > received.maxAgeMs)',
    put: 'if (Number.isNaN(offByMs))',
    caughtBy: 'test/scenarios/refused-requests.test.ts::an activity that is %s: 401, nothing queued',
  },
  {
    name: 'shows a caller its bug',
    file: 'server/src/listen.ts',
    find: "send(response, replyText(500, 'Internal Server Error\\n'))",
    put: 'send(response, replyText(500, `${String(error)}\\n`))',
    caughtBy: 'server/src/listen.test.ts::that meets a bug gets a bare 500, and the log shows the bug',
  },
  {
    name: 'reads a body of any length',
    file: 'server/src/read-body.ts',
    find: "if (size > maxBytes) settle(fail('too-large'))",
    put: "if (size < 0) settle(fail('too-large'))",
    caughtBy: 'server/src/listen.test.ts::a body without a length that grows past 256 KiB: 413',
    hangs: true,
  },
  {
    name: 'does not limit bodies of other methods',
    file: 'server/src/listen.ts',
    find: 'const read = hasBody(request)',
    put: "const read = hasBody(request) && method === 'POST'",
    caughtBy: 'server/src/listen.test.ts::with %s, in chunks: 413',
  },
  {
    name: 'takes pipelined requests',
    file: 'server/src/listen.ts',
    find: 'const earlier = exchanges.get(socket)',
    put: 'const earlier = undefined as Exchange | undefined',
    caughtBy: 'server/src/listen.test.ts::is not read: the first gets its answer, which closes the connection',
    hangs: true,
  },
  {
    name: 'logs every refused request',
    file: 'server/src/sample-refusals.ts',
    find: 'if (window.lines >= LINES) {',
    put: 'if (window.lines < 0) {',
    caughtBy: 'server/src/sample-refusals.test.ts::are ten lines a minute of each kind, and a count of the rest',
  },
  {
    name: 'believes any X-Forwarded-For',
    file: 'server/src/read-source.ts',
    find: 'if (trusted.length === 0 || !isProxy(source)) return source',
    put: '',
    caughtBy: 'server/src/sample-refusals.test.ts::%s',
  },
  {
    name: 'holds unfinished bodies without a limit',
    file: 'server/src/body-budget.ts',
    find: 'total > maxBytes ? findLargest(bodies) : undefined',
    put: 'total < 0 ? findLargest(bodies) : undefined',
    caughtBy:
      'server/src/listen.test.ts::unfinished bodies over the budget: the largest gets 503, and a small one is still answered',
    hangs: true,
  },
  {
    name: 'asks for the secret at every forged request',
    file: 'server/src/key-ring-cache.ts',
    find: 'if (!renewal && now - renewedAt < RENEW_EVERY) return another()',
    put: '',
    caughtBy:
      'server/src/receive-activity.test.ts::are read again at most once in 30 s, however many forged requests come',
  },
  {
    name: 'answers at every path',
    file: 'server/src/route-request.ts',
    find: "if (!page) return replyText(404, 'Not Found\\n')",
    put: "if (!page) return replyText(200, 'Found\\n')",
    caughtBy: 'server/src/route-request.test.ts::%s %s is %i',
  },
  {
    name: 'takes any JSON for a text',
    file: 'ticket-core/src/json-shape.ts',
    find: "return typeof value === 'string' && value !== '' ? value : undefined",
    put: 'return value as string | undefined',
    caughtBy: 'server/src/hostile-requests.test.ts::of signed JSON is answered with a card or a refusal',
  },
  {
    name: 'leaves direction marks in cards',
    file: 'ticket-core/src/card.ts',
    find: 'visibleText(text)',
    put: 'text',
    caughtBy: 'ticket-core/src/reply.test.ts::cannot run a date function or change the reading direction',
  },
  {
    name: 'shows every ticket to every team',
    file: 'ticket-core/src/decide-status.ts',
    find: 'team === undefined || stored.item.team !== team',
    put: 'team === undefined',
    caughtBy:
      'ticket-core/src/reply.test.ts::hides from another team a ticket that is %s: the answer is that of no record',
  },
  {
    name: "takes commands for every team's tickets",
    file: 'server/src/find-case.ts',
    find: "one.kind === 'found' && one.item.team === team",
    put: "one.kind === 'found'",
    caughtBy:
      'server/src/commands.test.ts::gets one and the same answer for a ticket that is not its own and for one that does not exist',
  },
  {
    name: 'lets anyone of the team withdraw',
    file: 'server/src/change-ticket.ts',
    find: "whoMay(verb) === 'reporter' && !isReporter(activity, known)",
    put: "whoMay(verb) === 'reporter' && !isReporter(activity, known) && Number.isNaN(asking.deadline)",
    caughtBy: 'server/src/commands.test.ts::are the reporter’s own',
  },
  {
    name: 'takes the first person of a name',
    file: 'ticket-core/src/choose-person.ts',
    find: "only && others.length === 0 && found.kind === 'people'",
    put: "only && others.length >= 0 && found.kind === 'people'",
    caughtBy:
      'server/src/commands.test.ts::guesses no one: a name of two, or of a person who is not known, is said to be that',
  },
  {
    name: 'takes a webhook by plain HTTP',
    file: 'ticket-core/src/secret.ts',
    find: '(allowHttp || /^https:/i.test(value))',
    put: '(allowHttp || /^http/i.test(value))',
    caughtBy: 'ticket-core/src/secret.test.ts::an address that is not https is refused, unless simulators stand in',
  },
  {
    name: 'takes tokens from the secret that functions read',
    file: 'ticket-core/src/secret.ts',
    find: 'if (intake === undefined) return',
    put: 'if (intake !== null) return',
    caughtBy: 'ticket-core/src/secret.test.ts::gives its tokens from the secret of intake alone where there is one',
  },
  {
    name: 'a token speaks for every team',
    file: 'server/src/check-team.ts',
    find: 'owner === team',
    put: "owner !== ''",
    caughtBy:
      'server/src/receive-activity.test.ts::belongs to the first team that it signs for, on every replica, and is refused for another',
  },
  {
    name: 'ages the tokens by the wall clock',
    file: 'server/src/key-ring-cache.ts',
    find: 'async renewed(ring, deadline) {\n      const now = clock.monotonic()',
    put: 'async renewed(ring, deadline) {\n      const now = clock.now()',
    caughtBy:
      'server/src/receive-activity.test.ts::that were rotated are read again after 30 s, also when the clock was set back an hour',
  },
  {
    name: 'takes a token of few different bytes',
    file: 'ticket-core/src/signature.ts',
    find: 'if (new Set(bytes).size < LEAST_VARIETY)',
    put: 'if (new Set(bytes).size === 0)',
    caughtBy: 'ticket-core/src/secret.test.ts::a token of %s is refused, with a hint',
  },
  {
    name: 'takes any text for a token',
    file: 'ticket-core/src/secret.ts',
    find: "if (ring.ok || ring.failure.code !== 'malformed-token') return []",
    put: 'if (ring.ok || ring.failure.code !== undefined) return []',
    caughtBy:
      'ticket-core/src/secret.test.ts::names a token that cannot be one, by its place and together with the rest',
  },
  {
    name: 'lets a quoted form win',
    file: 'ticket-core/src/left-out.ts',
    find: 'const replies = findReplies(tokens, ends)',
    put: 'const replies = new Set<number>()',
    caughtBy:
      'ticket-core/src/reported-messages.test.ts::says the same with a quote of another message above or below it',
  },
  {
    name: 'takes the first mention for the bot',
    file: 'ticket-core/src/find-mention.ts',
    find: "const first = index >= 0 ? index : found.findIndex((one) => one.listed?.isBot !== 'no')",
    put: 'const first = Math.min(index, 0) * 0',
    caughtBy: 'ticket-core/src/reported-messages.test.ts::$id: $what',
  },
  {
    name: 'drops what is typed between angle brackets',
    file: 'ticket-core/src/html-tokens.ts',
    find: 'export const TEXT_COPY: Markup = {',
    put: 'export const TEXT_COPY: Markup = HTML_COPY\nconst unused: Markup = {',
    caughtBy: 'ticket-core/src/reported-messages.test.ts::$id: $what',
  },
]
