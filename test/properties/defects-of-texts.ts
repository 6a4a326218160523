import type { Defect } from './defect.ts'
import type { Plan } from './plan.ts'
import { everySecond, refusing, withStorms } from './provoke.ts'

/** Every ticket is longer than a card, and than a message in Slack, can be. */
const long = (plan: Plan): Plan => ({ ...plan, sends: plan.sends.map((send) => ({ ...send, length: 26_000 })) })

/** Planted in what keeps a ticket whole, and in what keeps why one was given up. */
export const DEFECTS_OF_TEXTS: readonly Defect[] = [
  {
    name: 'calls the vendor before the ticket is kept',
    breach: 'kept-nowhere',
    patches: [
      {
        file: 'lambdas/deliver/deliver-ticket.ts',
        find: 'await keepCase(ports, ticket, stored)',
        put: "{ kind: 'kept' as const, key: ticket.id }",
      },
    ],
  },
  {
    name: 'keeps a ticket without the end of its text',
    breach: 'text-lost',
    patches: [
      {
        file: 'lambdas/deliver/keep-case.ts',
        find: 'const opening = newCase(ticket, ports.newNonce())',
        put: 'const opening = newCase({ ...ticket, description: ticket.description.slice(0, 9) }, ports.newNonce())',
      },
    ],
  },
  {
    name: 'cuts a card without saying where the rest is',
    breach: 'cut-without-saying',
    patches: [
      {
        file: 'adapters/trello/build-card.ts',
        find: 'The whole ticket is kept in the bucket: ${keptAt}',
        put: '',
      },
    ],
    provoke: long,
  },
  {
    name: 'cuts a message without saying where the rest is',
    breach: 'cut-without-saying',
    patches: [
      {
        file: 'adapters/slack/build-ticket-message.ts',
        find: 'The whole ticket is kept in the bucket: ${keptAt}',
        put: '',
      },
    ],
    provoke: long,
  },
  {
    name: 'forgets a refusal when the dead-letter queue does not answer',
    breach: 'asked-again-after-refusal',
    patches: [
      {
        file: 'lambdas/decide/decide.ts',
        find: 'if (record.failure && subject.life <= record.life)',
        put: 'if (record.failure && subject.life < 0)',
      },
    ],
    provoke: withStorms(
      refusing,
      everySecond({ at: 'slack.postMessage', kind: '4xx', status: 400, by: 'function.high', chance: 1 }, 900),
      everySecond({ at: 'sqs.sendMessageBatch', kind: '5xx', by: 'function.high', chance: 1 }, 900),
    ),
  },
]
