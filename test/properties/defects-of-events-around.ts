import { allTaken, changeCalls, isSqs, refused, withBody } from './change-calls.ts'
import type { Defect } from './defect.ts'
import { FOREIGN_TEAM } from '../life/do-act.ts'
import { BOARD, work } from './provoke-by-work.ts'
import { storm } from './provoke.ts'

const comment = { in: 'teams', verb: 'comment' } as const
const close = { in: 'teams', verb: 'close' } as const

/** Two teams and the board, with callbacks that come twice. */
const provoke = work(
  [
    [30, BOARD, { ...close, isForeign: true }],
    [31, BOARD, { in: 'trello', move: 'comment' }],
    [40, BOARD, { ...comment, isForeign: true }],
    [50, BOARD, comment],
    [60, BOARD, close],
  ],
  storm(0, 300, { at: 'callback.trello', kind: 'duplicate' }),
)

/** Planted around what the servers say to AWS, or hear from it. */
export const DEFECTS_OF_EVENTS_AROUND: readonly Defect[] = [
  {
    name: 'says that a change is done which the queue never had',
    breach: 'event-lost',
    provoke,
    around: {
      wrapProcess: changeCalls('server', async (request, call) => (isEvent(request) ? allTaken(request) : call())),
    },
  },
  {
    name: 'says that a change was not done which the queue has',
    breach: 'refused-but-done',
    provoke,
    around: {
      wrapProcess: changeCalls('server', async (request, call) => {
        const answer = await call()
        return isEvent(request) ? refused() : answer
      }),
    },
  },
  {
    name: 'names the event of a callback by itself, not by what the person did',
    breach: 'event-counted-twice',
    provoke,
    around: {
      wrapProcess: changeCalls('server', (request, call) => {
        const body = String(request.body).replaceAll(/trello:[0-9a-f]{24}/g, () => `trello:${(callbacks += 1)}`)
        if (isEvent(request)) Object.assign(request, { body })
        return call()
      }),
    },
  },
  {
    name: 'takes every ticket for one of the team that asks',
    breach: 'changed-by-another-team',
    provoke,
    around: {
      wrapProcess: changeCalls('server', async (request, call) => {
        const answer = await call()
        return isCaseRead(request)
          ? withBody(answer, (text) => text.replace(/"team":"[^"]*"/, `"team":"${FOREIGN_TEAM}"`))
          : answer
      }),
    },
  },
  {
    name: 'shows a ticket as it was when the server first read it',
    breach: 'shown-state-differs',
    provoke,
    around: {
      wrapProcess: changeCalls('server', async (request, call) => {
        if (!isCaseRead(request)) return call()
        return withBody(await call(), (text) => {
          const first = FIRST_READ.get(text.slice(0, 200)) ?? text
          FIRST_READ.set(text.slice(0, 200), first)
          return first
        })
      }),
    },
  },
]

let callbacks = 0
/** By the beginning of a case, which no event changes. */
const FIRST_READ = new Map<string, string>()

type Request = Parameters<Parameters<typeof changeCalls>[1]>[0]

function isEvent(request: Request): boolean {
  return isSqs(request, 'SendMessageBatch') && String(request.body).includes('-EVQ')
}

function isCaseRead({ method, path }: Request): boolean {
  return method === 'GET' && path.includes('/cases/')
}
