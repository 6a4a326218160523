import type { Plan, Storm } from './plan.ts'

/** Adds storms to what is drawn. */
export const withStorms =
  (...storms: readonly Storm[]) =>
  (plan: Plan): Plan => ({ ...plan, storms: [...storms, ...plan.storms] })

export const storm = (from: number, seconds: number, fault: Storm['fault']): Storm => ({ from, seconds, fault })
export const everySecond = (fault: Storm['fault'], seconds = 900): Storm => storm(0, seconds, fault)
export const twice = everySecond({ at: 'sqs.receiveMessage', kind: 'duplicate', chance: 0.5 })
export const slowSlack = everySecond({ at: 'slack.postMessage', kind: 'slow', ms: 3000, when: 'after' })
export const killedAfterPost = everySecond({
  at: 'function.*',
  kind: 'killed',
  when: 'after',
  call: 'slack.postMessage',
  chance: 0.5,
})
export const deaf = everySecond({ at: 'slack.postMessage', kind: 'timeout-after-effect', chance: 0.5 })
export const deafTrello = everySecond({ at: 'trello.createCard', kind: 'timeout-after-effect', chance: 0.5 })
export const refusing = everySecond({ at: 'slack.postMessage', kind: '4xx', status: 400, chance: 0.5 }, 300)

/** Two hold one message, and SQS moves it to the dead-letter queue while the first of them is at it. */
export const movedWhileClaimed = (plan: Plan): Plan => ({ ...withStorms(twice, slowSlack)(plan), maxReceives: 1 })
