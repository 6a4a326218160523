import type { VirtualTestbed } from '@ticketing/testbed'
import type { Defect } from './defect.ts'
import { forgetPerson } from './operate.ts'
import type { Patch } from './plant-in-copy.ts'
import { BOARD, workSwept, work } from './provoke-by-work.ts'
import { storm } from './provoke.ts'

const core = (file: string, find: string, put: string): Patch => ({ file: `ticket-core/${file}`, find, put })
const server = (file: string, find: string, put: string): Patch => ({ file: `server/${file}`, find, put })

const close = { in: 'teams', verb: 'close' } as const
const comment = { in: 'teams', verb: 'comment' } as const
const reopen = { in: 'teams', verb: 'reopen' } as const
const archive = { in: 'trello', move: 'archive' } as const
const lateCallbacks = storm(0, 300, { at: 'callback.trello', kind: 'reordered' })
const lostCallbacks = storm(0, 300, { at: 'callback.trello', kind: 'lost' })
/** The case has an event only some seconds after the queue: another server sweeps in between. */
const slowEvents = storm(880, 120, {
  at: 's3.putObject',
  kind: 'slow',
  ms: 4000,
  by: 'function.events',
  text: 'cases/',
})

/** Planted in copies of the rules that all parts share, and of the servers with their sweep. */
export const DEFECTS_OF_SERVERS: readonly Defect[] = [
  {
    name: 'takes events in the order in which they arrive',
    breach: 'shown-state-differs',
    patches: [
      core(
        'state.ts',
        '    .toSorted((a, b) => a.event.at - b.event.at || order(a.event.id, b.event.id) || order(a.text, b.text))\n',
        '',
      ),
      core('state.ts', 'function order(', 'export function order('),
    ],
    provoke: work(
      [
        [30, BOARD, archive],
        [32, BOARD, reopen],
      ],
      lateCallbacks,
    ),
  },
  {
    name: 'writes events behind those of a clock that was ahead',
    breach: 'confirmed-without-effect',
    patches: [
      core('make-event.ts', 'at: afterAllOf(known, activity.at),', 'at: activity.at,'),
      core('event-time.ts', 'if (last > now || event.at === next)', 'if (last > now + LATEST)'),
    ],
    provoke: (plan) => ({
      ...work([
        [30, BOARD, close],
        [120, BOARD, reopen],
      ])(plan),
      scheduledEvents: [{ at: 'clock', kind: 'jump', by: '-1h', in: 60_000 }],
    }),
  },
  {
    name: 'does to a card what the last event says, not what the state is',
    breach: 'card-disagrees',
    patches: [
      {
        file: 'adapters/trello/sync-card.ts',
        find: "return status === 'closed' ? 'done' : 'open'",
        put: "return status !== 'never' && (known.events.at(-1) as { kind: string }).kind === 'closed' ? 'done' : 'open'",
      },
    ],
    provoke: work(
      [
        [30, BOARD, archive],
        [32, BOARD, reopen],
      ],
      lateCallbacks,
    ),
  },
  {
    name: 'makes an event of every copy of a message',
    breach: 'event-counted-twice',
    patches: [
      core(
        'make-event.ts',
        'id: `teams:${activity.id}:${conversation}`,',
        'id: `teams:${activity.id}:${(copies += 1)}`,',
      ),
      core('make-event.ts', '/** The writer of a message', 'let copies = 0\n/** The writer of a message'),
    ],
    provoke: work([[30, BOARD, { ...comment, again: true }]]),
  },
  {
    name: 'makes a ticket of every copy of a message',
    breach: 'wrong-id',
    patches: [
      core(
        'ticket-id.ts',
        "digest(['teams', message.tenantId ?? '', message.conversationId, message.activityId])",
        "digest(['teams', message.activityId, String((copies += 1))])",
      ),
      core('ticket-id.ts', 'const LENGTH = 10\n', 'const LENGTH = 10\nlet copies = 0\n'),
    ],
  },
  {
    name: 'names the ticket to those whom it refuses',
    breach: 'seen-by-another-team',
    patches: [
      server('find-case.ts', "one.kind === 'found' && one.item.team === team", "one.kind === 'found' && team !== ''"),
      server(
        'change-ticket.ts',
        'const { id } = known\n',
        `const { id } = known
  if (known.team !== asking.team)
    return done('another-team', replyNotYours({ id, verb, reporter: known.ticket.title, mention }))
`,
      ),
    ],
    provoke: work([[30, BOARD, { ...comment, isForeign: true }]]),
  },
  {
    name: "takes its own work, seen by the sweep, for a person's",
    breach: 'event-never-sent',
    patches: [
      server('sweep/sweep-board.ts', '      .filter((change) => !isOwnChange(change, listed.ownMember))\n', ''),
      server('sweep/sweep-board.ts', '  isOwnChange,\n', ''),
    ],
    provoke: workSwept([[30, BOARD, close]]),
  },
  {
    name: 'takes what the state shows already for its own work in the sweep',
    breach: 'event-lost',
    patches: [server('sweep/sweep-board.ts', 'isByProgram: false, deadline', 'isByProgram: true, deadline')],
    provoke: workSwept(
      [
        [30, BOARD, archive],
        [30, BOARD, close],
      ],
      lostCallbacks,
    ),
  },
  {
    name: 'sweeps on over what the queue did not take',
    breach: 'event-lost',
    patches: [
      server(
        'sweep/sweep-board.ts',
        'Math.min(before ?? now, ...failed.map(({ at }) => at).filter((at) => at >= now - DAY))',
        'before ?? now',
      ),
    ],
    provoke: workSwept(
      [[30, BOARD, archive]],
      lostCallbacks,
      storm(20, 1200, { at: 'sqs.sendMessageBatch', kind: '5xx', by: 'server', chance: 1 }),
    ),
  },
  {
    name: 'escalates once for each server',
    breach: 'escalated-twice',
    patches: [
      core(
        'escalation.ts',
        'eventAt: (at) => ({ v: 1, id, ticket,',
        'eventAt: (at) => ({ v: 1, id: `${id}${(copies += 1)}`, ticket,',
      ),
      core('escalation.ts', '/** The next step of a ticket that', 'let copies = 0\n/** The next step of a ticket that'),
    ],
    provoke: workSwept([[1000, BOARD, comment]], slowEvents),
  },
  {
    name: 'forgets a person before the last events arrive, and not after',
    breach: 'forgotten-person-named',
    around: { forget: forgetAtFirst() },
    provoke: (plan) => ({
      ...work([
        [30, BOARD, comment],
        [60, BOARD, comment],
      ])(plan),
      forgets: [40],
    }),
  },
]

/** Only the first time in each run. */
function forgetAtFirst(): (bed: VirtualTestbed) => Promise<unknown> {
  const done = new WeakSet<VirtualTestbed>()
  return async (bed) => {
    if (done.has(bed)) return
    done.add(bed)
    await forgetPerson(bed)
  }
}
