import type { Defect } from './defect.ts'
import { DEFECTS_OF_EVENTS_AROUND } from './defects-of-events-around.ts'
import type { Patch } from './plant-in-copy.ts'
import { ALERT, BOARD, work, type Does } from './provoke-by-work.ts'
import { storm } from './provoke.ts'

const lambdas = (file: string, find: string, put: string): Patch => ({ file: `lambdas/${file}`, find, put })
const adapters = (file: string, find: string, put: string): Patch => ({ file: `adapters/${file}`, find, put })

const comment = { in: 'teams', verb: 'comment' } as const
const close = { in: 'teams', verb: 'close' } as const
const reopen = { in: 'teams', verb: 'reopen' } as const
const commentInTrello = { in: 'trello', move: 'comment' } as const

const COMMENTS = [0, 1, 2, 3, 4, 5].map((): readonly [number, ...Does] => [30, BOARD, comment])
const CLOSED_AND_REOPENED: readonly (readonly [number, ...Does])[] = [
  [30, BOARD, close],
  [31, BOARD, reopen],
]
/** Line 4 ends when it has written the case. */
const killedAfterCase = storm(20, 60, {
  at: 'function.events',
  kind: 'killed',
  when: 'after',
  call: 's3.putObject',
  text: 'cases/',
  times: 2,
})
const slowCase = storm(20, 60, { at: 's3.putObject', kind: 'slow', ms: 3000, by: 'function.events', text: 'cases/' })
const lateCallbacks = storm(0, 300, { at: 'callback.trello', kind: 'reordered' })

/** Of what happens after the delivery. */
export const DEFECTS_OF_EVENTS: readonly Defect[] = [
  {
    name: 'acknowledges an event before its case is written',
    breach: 'event-lost',
    patches: [
      lambdas(
        'apply/apply-event.ts',
        "if (added.kind === 'unavailable') return later(ports, message, { event, ...added })",
        "if (added.kind === 'unavailable') return { kind: 'done' }",
      ),
    ],
    provoke: work(COMMENTS, storm(20, 60, { at: 's3.putObject', kind: '5xx', by: 'function.events', chance: 1 })),
  },
  {
    name: 'writes its version over what another function wrote meanwhile',
    breach: 'event-lost',
    patches: [
      lambdas(
        'apply/add-to-case.ts',
        "if (written.kind === 'conflict') return written",
        `if (written.kind === 'conflict') {
      const now = await ports.cases.read(known.id)
      if (now.kind === 'found') await ports.cases.write(known.id, after, { version: now.version })
    }`,
      ),
    ],
    provoke: work(
      [...COMMENTS, [31, BOARD, comment], [32, BOARD, comment]],
      storm(20, 60, { at: 's3.putObject', kind: 'slow', ms: 3000, by: 'function.events', text: 'cases/', chance: 0.5 }),
    ),
  },
  {
    name: 'drops what is older than what it knows',
    breach: 'event-lost',
    patches: [
      lambdas(
        'apply/add-to-case.ts',
        'const after = addEvent(known, event, ports.newNonce())',
        `const isOlder = known.events.some((one) => (one as { at: number }).at > event.at)
  const after = isOlder ? known : addEvent(known, event, ports.newNonce())`,
      ),
    ],
    provoke: work(
      [
        [30, BOARD, commentInTrello],
        [32, BOARD, comment],
      ],
      lateCallbacks,
    ),
  },
  {
    name: 'puts the markers of an event after its case',
    breach: 'not-in-index',
    patches: [
      lambdas(
        'apply/add-to-case.ts',
        `    const put = await putMarkers(ports, keys)
    if (put.kind === 'unavailable') return { ...put, store: 'index' }
`,
        '',
      ),
      lambdas(
        'apply/add-to-case.ts',
        "if (written.kind === 'unavailable') return { ...written, store: 'case' }",
        "if (written.kind === 'unavailable') return { ...written, store: 'case' }\n    await putMarkers(ports, keys)",
      ),
    ],
    provoke: work([[30, BOARD, close]], killedAfterCase),
  },
  {
    name: 'sends what an event causes before its case has it',
    breach: 'card-disagrees',
    patches: [
      lambdas('apply/apply-event.ts', '  type TicketEvent,\n', '  type TicketEvent,\n  addEvent,\n'),
      lambdas(
        'apply/apply-event.ts',
        'const added = await addToCase(ports, { event, stored, passing })',
        `await enqueueEffects(ports, event, addEvent(stored.item, event, ''))
    const added = await addToCase(ports, { event, stored, passing })`,
      ),
      lambdas(
        'apply/apply-event.ts',
        'const sent = await enqueueEffects(ports, event, added.item)',
        "const sent = { kind: 'sent' as never, reason: '' }",
      ),
    ],
    provoke: work([[30, BOARD, close]], slowCase),
  },
  {
    name: 'sends nothing for an event that it finds in the case',
    breach: 'note-missing',
    patches: [
      lambdas(
        'apply/apply-event.ts',
        'const sent = await enqueueEffects(',
        "const sent = added.isRepeat ? { kind: 'sent' as never, reason: '' } : await enqueueEffects(",
      ),
    ],
    provoke: work([[30, BOARD, comment]], killedAfterCase),
  },
  {
    name: 'is content when a lane did not take an effect',
    breach: 'note-missing',
    patches: [lambdas('apply/enqueue-effects.ts', 'if (!failed)', "if (failed?.kind !== ('never' as never))")],
    provoke: work(
      [[30, BOARD, comment]],
      storm(20, 60, { at: 'sqs.sendMessageBatch', kind: '5xx', by: 'function.events', chance: 1 }),
    ),
  },
  {
    name: 'drops a note whose ticket is still on its way',
    breach: 'note-missing',
    patches: [
      lambdas(
        'deliver/deliver-note.ts',
        "return notYet(ports, work, 'its ticket is not delivered there yet')",
        "return { kind: 'done' }",
      ),
    ],
    provoke: work([[30, BOARD, comment]], storm(0, 120, { at: 'trello.createCard', kind: '5xx', chance: 1 })),
  },
  {
    name: 'hears its own comment',
    breach: 'event-never-sent',
    patches: [
      adapters('trello/trello-api.ts', "'x-trello-client-identifier': TRELLO_CLIENT,", ''),
      adapters('trello/note.ts', 'shown]), mark].join(BETWEEN)', 'shown])].join(BETWEEN)'),
    ],
    provoke: work([[30, BOARD, { in: 'teams', verb: 'take' }]]),
  },
  {
    name: 'hears that it closed its own card',
    breach: 'event-never-sent',
    patches: [adapters('trello/trello-api.ts', "'x-trello-client-identifier': TRELLO_CLIENT,", '')],
    provoke: work(
      [
        [30, BOARD, close],
        [33, BOARD, reopen],
      ],
      lateCallbacks,
    ),
  },
  {
    name: 'closes a card for ever',
    breach: 'card-disagrees',
    patches: [
      adapters(
        'trello/sync-card.ts',
        "return status === 'closed' ? 'done' : 'open'",
        "return status === 'closed' || JSON.stringify(known.events).includes('closed') ? 'done' : 'open'",
      ),
    ],
    provoke: work(CLOSED_AND_REOPENED),
  },
  {
    name: 'says that it has shown a version that it has not',
    breach: 'card-disagrees',
    patches: [lambdas('deliver/deliver-sync.ts', 'syncing: events,', 'syncing: events + 1,')],
    provoke: work([
      [30, BOARD, close],
      [60, BOARD, reopen],
    ]),
  },
  {
    name: 'does not look for a comment before it writes it again',
    breach: 'note-repeated',
    patches: [adapters('trello/note.ts', 'if (delivery.suspect) {', "if (delivery.key === '') {")],
    provoke: work(
      [[30, BOARD, comment]],
      storm(20, 60, { at: 'trello.addComment', kind: 'timeout-after-effect', times: 1 }),
    ),
  },
  {
    name: 'repeats a note in Slack without saying that it may be one',
    breach: 'note-repeated',
    patches: [
      adapters(
        'slack/create-slack-sink.ts',
        'buildNoteMessage(delivery, { possibleRepeat: suspect, to })',
        'buildNoteMessage(delivery, { possibleRepeat: false, to })',
      ),
    ],
    provoke: work(
      [[30, ALERT, comment]],
      storm(20, 60, { at: 'slack.postMessage', kind: 'timeout-after-effect', times: 1 }),
    ),
  },
  {
    name: 'leaves a ticket where it was when its priority changes',
    breach: 'not-moved',
    patches: [
      lambdas(
        'deliver/deliver-sync.ts',
        'if (!receipt) return deliverMoved(ports, work, { ...read, effect })',
        "if (!receipt) return { kind: 'done' }",
      ),
    ],
    provoke: work([[30, BOARD, { in: 'teams', verb: 'high' }]]),
  },
  ...DEFECTS_OF_EVENTS_AROUND,
]
