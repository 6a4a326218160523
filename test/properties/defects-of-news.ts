import type { Defect } from './defect.ts'
import type { Patch } from './plant-in-copy.ts'
import { BOARD, type Does, workTold } from './provoke-by-work.ts'
import { storm } from './provoke.ts'

const sink = (find: string, put: string): Patch => ({ file: 'adapters/teams/create-news-sink.ts', find, put })

const comment = { in: 'trello', move: 'comment' } as const
const doing = { in: 'trello', move: 'Doing' } as const
const SOON: readonly (readonly [number, ...Does])[] = [
  [30, BOARD, comment],
  [32, BOARD, comment],
]
const LATER: readonly (readonly [number, ...Does])[] = [
  [30, BOARD, comment],
  [300, BOARD, comment],
]
/** Slack refuses the ticket of high priority. */
const refused = storm(0, 60, { at: 'slack.postMessage', kind: '4xx', status: 400, times: 1 })
const unheard = storm(0, 900, { at: 'workflows.postCard', kind: 'timeout-after-effect', times: 1 })

/** Of what the reporter's team is told. */
export const DEFECTS_OF_NEWS: readonly Defect[] = [
  {
    name: 'tells the news of every team to the last one that is set up',
    breach: 'news-to-another-team',
    patches: [sink('const target = newsTargetOf(ticket, targets)', 'const target = Object.values(targets).at(-1)')],
    provoke: workTold('all', SOON),
  },
  {
    name: 'tells with each change all that it has told before',
    breach: 'news-repeated',
    patches: [sink('newsOf(known, since, level)', 'newsOf(known, 0, level)')],
    provoke: workTold('all', LATER),
  },
  {
    name: 'tells news again without saying that they may be a repeat',
    breach: 'news-repeated',
    patches: [
      sink('newsCard(known, events, { possibleRepeat: suspect,', 'newsCard(known, events, { possibleRepeat: false,'),
    ],
    provoke: workTold('all', SOON, unheard),
  },
  {
    name: 'tells of several changes only the last one',
    breach: 'news-missing',
    patches: [sink('newsCard(known, events,', 'newsCard(known, events.slice(-1),')],
    provoke: workTold('all', SOON),
  },
  {
    name: 'does not look at the level of a channel',
    breach: 'news-not-asked',
    patches: [sink('newsOf(known, since, level)', "newsOf(known, since, 'all')")],
    provoke: workTold('important', [
      [30, BOARD, comment],
      [40, BOARD, doing],
    ]),
  },
  {
    name: 'tells a team what it did itself',
    breach: 'news-not-asked',
    patches: [
      {
        file: 'ticket-core/effects.ts',
        find: "event.by.via !== 'teams'",
        put: "event.by.via !== ('never' as never)",
      },
    ],
    provoke: workTold('all', [[30, BOARD, { in: 'teams', verb: 'close' }]]),
  },
  {
    name: 'tells an admin of a dead ticket, and not its reporter',
    breach: 'death-not-told',
    patches: [
      {
        file: 'lambdas/report/notify-teams.ts',
        find: "if (kind !== 'ticket' ||",
        put: "if (kind !== ('never' as never) ||",
      },
    ],
    provoke: workTold('important', [], refused),
  },
  {
    name: 'tells of a death again without saying that it may be a repeat',
    breach: 'death-told-again',
    patches: [
      sink(
        'deathCard({ ticket, letter }, { possibleRepeat: suspect,',
        'deathCard({ ticket, letter }, { possibleRepeat: false,',
      ),
    ],
    provoke: workTold('important', [], refused, unheard),
  },
]
