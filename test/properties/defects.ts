import type { Defect } from './defect.ts'
import { DEFECTS_OF_TEXTS } from './defects-of-texts.ts'
import { DEFECTS_AROUND } from './defects-around.ts'
import type { Patch } from './plant-in-copy.ts'
import {
  withStorms,
  storm,
  everySecond,
  twice,
  slowSlack,
  killedAfterPost,
  deaf,
  deafTrello,
  refusing,
  movedWhileClaimed,
} from './provoke.ts'

const lambdas = (file: string, find: string, put: string): Patch => ({ file: `lambdas/${file}`, find, put })
const adapters = (file: string, find: string, put: string): Patch => ({ file: `adapters/${file}`, find, put })

/** Planted in a copy of the functions, and around what processes call. */
export const DEFECTS: readonly Defect[] = [
  {
    name: 'reads only the first record of a batch',
    breach: 'lost',
    patches: [lambdas('batch.ts', 'return records.map(readMessage)', 'return records.slice(0, 1).map(readMessage)')],
  },
  {
    name: 'swallows the error of a vendor',
    breach: 'lost',
    patches: [
      lambdas(
        'deliver/record-outcome.ts',
        'return recordFailure(ports, claim, { attempt, outcome })',
        "return { kind: 'done', outcome }",
      ),
    ],
  },
  {
    name: 'acknowledges whatever became of it',
    breach: 'lost',
    patches: [
      lambdas(
        'batch.ts',
        'return { batchItemFailures: keptBack.map(({ message }) => ({ itemIdentifier: message.messageId })) }',
        'return { batchItemFailures: [] }',
      ),
    ],
  },
  {
    name: 'knows no claim: what another function holds is free',
    breach: 'repeat-without-doubt',
    patches: [
      lambdas(
        'decide/decide.ts',
        'return decideClaimed(stored, life, now)',
        "return { kind: 'claim', stored, life, suspect, crashes: 0 }",
      ),
    ],
    provoke: withStorms(twice, slowSlack),
  },
  {
    name: 'claims for ever',
    breach: 'unsettled',
    patches: [
      lambdas(
        'execution.ts',
        '(execution.deadline - clock.monotonic()) + CLAIM_BEYOND_MS',
        '(execution.deadline - clock.monotonic()) + 30 * 86_400_000',
      ),
    ],
    provoke: withStorms(killedAfterPost),
  },
  {
    name: 'claims for less than its holder lives, and looks at once',
    breach: 'repeat-not-marked',
    patches: [
      lambdas(
        'execution.ts',
        '(execution.deadline - clock.monotonic()) + CLAIM_BEYOND_MS',
        '(execution.deadline - clock.monotonic()) - 29_000',
      ),
      lambdas('decide/back-off.ts', 'LOOK_NO_EARLIER_MS = 60_000', 'LOOK_NO_EARLIER_MS = 0'),
    ],
    provoke: withStorms(twice, everySecond({ at: 'trello.createCard', kind: 'slow', ms: 20_000, chance: 0.7 })),
  },
  {
    name: 'looks for a card before a late effect could show',
    breach: 'repeat-not-marked',
    patches: [lambdas('decide/back-off.ts', 'LOOK_NO_EARLIER_MS = 60_000', 'LOOK_NO_EARLIER_MS = 0')],
    provoke: withStorms(everySecond({ at: 'trello.createCard', kind: 'timeout-late-effect', ms: 45_000, chance: 0.5 })),
  },
  {
    name: 'forgets a doubt at the next retry',
    breach: 'repeat-not-marked',
    patches: [
      lambdas(
        'decide/records.ts',
        `    retryAt: step.retryAt,
    ...((step.suspect || before.suspect === true) && { suspect: true as const }),`,
        `    retryAt: step.retryAt,
    ...(step.suspect ? { suspect: true as const } : { suspect: undefined as never }),`,
      ),
    ],
    provoke: withStorms(deaf, everySecond({ at: 'slack.postMessage', kind: '429', chance: 0.4 })),
  },
  {
    name: 'reports a dead letter over a live claim, without a doubt',
    breach: 'notified-without-doubt',
    patches: [
      lambdas('decide/decide-dead-letter.ts', 'if (claimedUntil > now)', 'if (claimedUntil < 0)'),
      lambdas(
        'decide/decide-dead-letter.ts',
        "const suspect = record.state === 'claimed' || record.suspect === true",
        'const suspect = record.suspect === true',
      ),
    ],
    provoke: movedWhileClaimed,
  },
  {
    name: 'reports a dead letter of an older life',
    breach: 'letter-of-another-life',
    patches: [
      lambdas('decide/decide-dead-letter.ts', "if (subject.life < record.life) return { kind: 'acknowledge' }", ''),
    ],
    // The letter of the first life comes back while the second one waits.
    provoke: (plan) => ({
      ...withStorms(
        storm(0, 60, { at: 'slack.postMessage', kind: '4xx', status: 400, by: 'function.high', chance: 1 }),
        storm(0, 170, { at: 'sqs.deleteMessageBatch', kind: 'batch-entry-failure', chance: 1 }),
        storm(61, 1200, { at: 'slack.postMessage', kind: '429', by: 'function.high', chance: 1 }),
      )(plan),
      redrives: [90],
    }),
  },
  {
    name: 'reports a dead letter of what was delivered after all',
    breach: 'archived-without-doubt',
    patches: [
      lambdas(
        'decide/decide-dead-letter.ts',
        "if (record.state === 'delivered') return { kind: 'correct', record }",
        '',
      ),
    ],
    // The dead letter is read during the claim, and again when the ticket is delivered.
    provoke: movedWhileClaimed,
  },
  {
    name: 'asks again where the vendor said no for good',
    breach: 'asked-again-after-refusal',
    patches: [
      lambdas(
        'deliver/record-outcome.ts',
        "if (outcome.kind === 'rejected')",
        "if (outcome.kind === ('never' as never))",
      ),
    ],
    provoke: withStorms(refusing),
  },
  {
    name: 'drops a body that it cannot read',
    breach: 'unreadable-lost',
    patches: [
      lambdas(
        'deliver/deliver-message.ts',
        'return deadLetterWhole(ports, turn.message, { cause })',
        "return { kind: 'done' }",
      ),
    ],
    provoke: (plan) => ({ ...plan, strays: [{ at: 5, priority: 'low', body: 'a stray' }, ...plan.strays] }),
  },
  {
    name: 'records a dead letter that the dead-letter queue did not take',
    breach: 'dead-without-letter',
    patches: [lambdas('deliver/give-up.ts', 'if (!isSent) {', "if (cause.code === 'never') {")],
    provoke: withStorms(
      refusing,
      everySecond({ at: 'sqs.sendMessageBatch', kind: '5xx', by: 'function.high', chance: 1 }, 300),
    ),
  },
  {
    name: 'acknowledges a dead letter without notifying an admin',
    breach: 'dead-without-notice',
    patches: [lambdas('report/notify-admin.ts', 'if (!isNotified) return notified', '')],
    provoke: withStorms(
      refusing,
      everySecond({ at: 'slack.postMessage', kind: '5xx', by: 'function.dead', chance: 1 }, 600),
    ),
  },
  {
    name: 'takes an unknown outcome for a failure',
    breach: 'repeat-not-marked',
    patches: [
      adapters(
        'http/classify.ts',
        `        kind: 'unknown',
        code: \`\${vendor}-no-answer\`,`,
        `        kind: 'retry',
        code: \`\${vendor}-no-answer\`,`,
      ),
    ],
    provoke: withStorms(deaf),
  },
  {
    name: 'makes a second card without looking for the first',
    breach: 'repeat-not-marked',
    patches: [adapters('trello/create-trello-sink.ts', 'if (delivery.suspect) {', "if (delivery.ticket.id === '') {")],
    provoke: withStorms(deafTrello),
  },
  {
    name: 'repeats a message without saying that it may be one',
    breach: 'repeat-not-marked',
    patches: [
      adapters(
        'slack/create-slack-sink.ts',
        'buildTicketMessage(ticket, { possibleRepeat: suspect,',
        'buildTicketMessage(ticket, { possibleRepeat: false,',
      ),
    ],
    provoke: withStorms(deaf),
  },
  {
    name: 'gives up long before its time',
    breach: 'given-up-early',
    patches: [
      lambdas(
        'deliver/record-outcome.ts',
        'if (attempt.at - since >= ports.giveUpAfterMs) {',
        'if (attempt.at - since >= 60_000) {',
      ),
    ],
    provoke: withStorms(everySecond({ at: 'trello.*', kind: '5xx', chance: 1 }, 900)),
  },
  ...DEFECTS_OF_TEXTS,
  ...DEFECTS_AROUND,
]
