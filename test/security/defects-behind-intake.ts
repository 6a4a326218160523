import type { SecurityDefect } from './defect.ts'

/** In what stands behind the queues, in what operators use, and in the tools of developers. */
export const DEFECTS_BEHIND_INTAKE: readonly SecurityDefect[] = [
  {
    name: 'lets Slack read markup',
    file: 'adapters/src/slack/blocks.ts',
    find: "return { type: 'plain_text', text:",
    put: "return { type: 'mrkdwn' as 'plain_text', text:",
    caughtBy: 'adapters/src/slack/slack.test.ts::cannot mention, link or format',
  },
  {
    name: 'lets a title into a key',
    file: 'adapters/src/s3/create-bucket-sink.ts',
    find: ".replaceAll(/[^a-z0-9]+/g, '-')",
    put: '',
    caughtBy: 'adapters/src/s3/bucket-sink.test.ts::holds nothing of the user’s but a-z, 0-9 and hyphens',
  },
  {
    name: 'writes log lines as they come',
    file: 'adapters/src/log/create-log.ts',
    find: 'escapeLine(JSON.stringify(line))',
    put: 'JSON.stringify(line)',
    caughtBy: 'adapters/src/log/log.test.ts::there is one line feed, at the end, and no control character',
  },
  {
    name: 'prints foreign text raw',
    file: 'cli/src/text/printable.ts',
    find: 'line.replaceAll(UNPRINTABLE, spell)',
    put: 'line',
    caughtBy: 'cli/src/text/printable.test.ts::controls no terminal',
  },
  {
    name: 'leaves markup in a card of Trello',
    file: 'adapters/src/trello/escape-markdown.ts',
    find: '/[\\\\`*_[\\]<>|~&]/g',
    put: '/[*_]/g',
    caughtBy: 'adapters/src/trello/card-text.test.ts::can never pass for another ticket’s',
  },
  {
    name: 'one lane reads the ledger of another',
    file: 'adapters/src/s3/create-ledger.ts',
    find: 'prefix: `ledger/${lane}/`',
    put: "prefix: `ledger/${lane === 'high' ? 'low' : lane}/`",
    caughtBy: 'test/delivery/lanes.test.ts::that says "delivered" keeps no ticket from its destination',
  },
  {
    name: 'follows a redirect',
    file: 'adapters/src/http/call-vendor.ts',
    find: "redirect: 'manual'",
    put: "redirect: 'follow'",
    caughtBy: 'adapters/src/http/call-vendor.test.ts::a redirect is an answer, and is not followed',
  },
  {
    name: 'reads an endless answer',
    file: 'adapters/src/http/call-vendor.ts',
    find: 'if (bytes > limit) return undefined',
    put: '',
    caughtBy: 'adapters/src/http/call-vendor.test.ts::an answer above the limit: no answer, and the rest is not read',
  },
  {
    name: 'logs a secret',
    file: 'adapters/src/log/redaction.ts',
    find: 'for (const secret of secrets) shown = shown.replaceAll(secret, SHOWN)',
    put: '',
    caughtBy: 'adapters/src/log/log.test.ts::wherever in a value they stand',
  },
  {
    name: 'a wildcard in a role',
    file: 'stack/src/role/describe-role.ts',
    find: "Sid: 'DeadLetterQueue', Effect: 'Allow', Action: ['sqs:SendMessage']",
    put: "Sid: 'DeadLetterQueue', Effect: 'Allow', Action: ['sqs:*']",
    caughtBy:
      'stack/src/role/describe-role.test.ts::names every resource and every action, without a wildcard for a whole service or account',
  },
  {
    name: 'takes plain HTTP',
    file: 'stack/src/policy/deny-plain-http.ts',
    find: "Effect: 'Deny'",
    put: "Effect: 'Allow'",
    caughtBy: 'stack/src/apply-stack.test.ts::makes a bucket that is private and takes TLS only',
  },
  {
    name: 'ignores Origin',
    file: 'local-aws/src/foreign-request.ts',
    find: 'if (origin !== undefined && !isSameOrigin(origin, host))',
    put: "if (origin === '' && !isSameOrigin(origin, host))",
    caughtBy: 'local-aws/src/foreign-request.test.ts::refuses %s, before its body',
    hangs: true,
  },
  {
    name: 'ignores Host',
    file: 'local-aws/src/foreign-request.ts',
    find: 'if (host === undefined || !isOurName(nameIn(host), hostNames)) return refuseHost(host)',
    put: 'if (host === undefined) return refuseHost(host)',
    caughtBy: 'local-aws/src/foreign-request.test.ts::refuses %s, before its body',
  },
  {
    name: 'lets a test connect anywhere',
    file: 'testbed/src/egress/local-hosts.ts',
    find: "return host.toLowerCase() === 'localhost' || isLoopback(host)",
    put: "return host !== ''",
    caughtBy: 'testbed/src/egress/egress-guard.test.ts::by %s is refused and names its caller',
  },
  {
    name: 'prints the key of a dead letter raw',
    file: 'adapters/src/s3/conditional-store.ts',
    find: "if (!isOf(read.value, key)) return damaged(keyOf(key), 'it names itself otherwise than its object')",
    put: '',
    caughtBy: 'adapters/src/s3/store.test.ts::with %s are damaged: nothing of them is shown or sent',
  },
  {
    name: 'believes the case that is there',
    file: 'lambdas/src/deliver/keep-case.ts',
    find: 'return isDeepStrictEqual(stored.item.ticket, opening.ticket)',
    put: 'return isDeepStrictEqual(opening.ticket, opening.ticket)',
    caughtBy:
      'test/delivery/case.test.ts::(%s) never wins: the message’s own ticket is delivered and kept, and it is reported',
  },
  {
    name: 'an operator makes roles without a boundary',
    file: 'stack/src/policy/access-policies.ts',
    find: "Condition: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },",
    put: '',
    caughtBy: 'test/permissions/escalation.test.ts::an operator who %s is refused',
  },
  {
    name: 'leaves .ticketing/ open to others',
    file: 'cli/src/private-folder.ts',
    find: 'chmodSync(path, stats.mode & 0o700)',
    put: 'chmodSync(path, stats.mode)',
    caughtBy: 'test/cli/state-folder.test.ts::is private, also if an earlier version left it open',
  },
  {
    name: 'shows foreign text unescaped',
    file: 'testbed/src/simulators/plain-text.ts',
    find: '.replaceAll(UNPRINTABLE,',
    put: ".replaceAll('\\0',",
    caughtBy:
      'testbed/src/simulators/listen-simulator.test.ts::shows every message and card whole, and the words of users only as text',
  },
  {
    name: 'ages a secret by the wall clock',
    file: 'adapters/src/secrets-manager/create-secret-source.ts',
    find: 'if (kept && !failed && clock.monotonic() - kept.at < freshMs)',
    put: 'if (kept && !failed && clock.now() - kept.at < freshMs)',
    caughtBy:
      'adapters/src/secrets-manager/secret-source.test.ts::a clock that was set back an hour keeps no value longer, one that was set on asks no sooner',
  },
  {
    name: 'acknowledges a damaged message',
    file: 'lambdas/src/deliver/deliver-message.ts',
    find: 'return deadLetterWhole(ports, turn.message, { cause })',
    put: "return { kind: 'done' }",
    caughtBy:
      'test/delivery/hostile-messages.test.ts::whatever lies in the queue is delivered or archived whole, and none takes another with it',
  },
  {
    name: "a role writes another's ledger",
    file: 'stack/src/role/describe-role.ts',
    find: "low: ['ledger/low/'],",
    put: "low: ['ledger/'],",
    caughtBy:
      'test/permissions/stolen-role.test.ts::changes, replaces and deletes no ticket, record, case or letter that is not its own',
  },
  {
    name: 'a lane may change cases',
    file: 'stack/src/role/describe-role.ts',
    find: "createObjects('NewCases', `${bucketArn}/${CASES}*`)",
    put: "changeObjects('NewCases', `${bucketArn}/${CASES}*`)",
    caughtBy:
      'test/permissions/stolen-role.test.ts::changes, replaces and deletes no ticket, record, case or letter that is not its own',
  },
  {
    name: 'takes an event for any case of its id',
    file: 'lambdas/src/apply/apply-event.ts',
    find: 'if (stored.item.source !== received.source) {',
    put: 'if (stored.item.id !== received.ticket) {',
    caughtBy: 'test/delivery/events.test.ts::when the case under its id is another ticket’s',
  },
  {
    name: 'does not compare a dead letter with its ticket',
    file: 'lambdas/src/decide/decide-dead-letter.ts',
    find: 'record.digest !== subject.digest ||',
    put: '',
    caughtBy:
      'test/delivery/case.test.ts::with another text ends nothing: it is archived beside the ticket, an admin is notified, and the ticket is delivered',
  },
  {
    name: 'takes other words under an id for a repeat',
    file: 'lambdas/src/decide/decide.ts',
    find: ' || record.digest !== subject.digest',
    put: '',
    caughtBy:
      'test/delivery/case.test.ts::does not make the ticket a repeat: its own words are archived and an admin is notified',
  },
  {
    name: 'leaves direction marks in a card of Trello',
    file: 'adapters/src/trello/build-card.ts',
    find: 'escapeMarkdown(visibleText(description))',
    put: 'escapeMarkdown(description)',
    caughtBy: 'test/surfaces/hostile-text.test.ts::the card in Trello',
  },
  {
    name: 'prints what AWS answers raw',
    file: 'cli/src/run-cli.ts',
    find: 'const context = escapeOutput(terminal)',
    put: 'const context = terminal',
    caughtBy: 'test/surfaces/hostile-text.test.ts::the command line, when %s fails in hostile words',
  },
  {
    name: 'puts a foreign name into a hint',
    file: 'cli/src/dead-letters/read-letters.ts',
    find: 'if (!isLetterKey(key)) return',
    put: "if (key === '') return",
    caughtBy: 'test/cli/dead-letters-list.test.ts::%s is damaged: no hint names it, and no command works on it',
  },
  {
    name: 'repeats what a command for credentials said',
    file: 'adapters/src/aws/read-failure.ts',
    find: "if (message.includes('Command failed'))",
    put: "if (message === 'Command failed')",
    caughtBy: 'adapters/src/aws/aws.test.ts::%s',
  },
  {
    name: 'lets anyone overwrite an object',
    file: 'stack/src/bucket/describe-bucket.ts',
    find: "deny('ConditionalWritesOnly', {\n      Action: ['s3:PutObject'],",
    put: "deny('ConditionalWritesOnly', {\n      Action: ['s3:PutObjectAcl'],",
    caughtBy:
      'test/permissions/stolen-role.test.ts::every write without a condition is refused, also by the root of the account',
  },
  {
    name: 'does not enforce a boundary',
    file: 'local-aws/src/authorization/evaluate-access.ts',
    find: 'boundary: found?.boundary && readAll(found.boundary),',
    put: 'boundary: undefined,',
    caughtBy:
      'test/permissions/escalation.test.ts::a function that an operator gives everything may no more than the boundary',
  },
]
