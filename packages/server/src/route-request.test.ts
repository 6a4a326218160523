import { createMetrics } from 'ticket-adapters/metrics'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '@ticketing/local-aws'
import { NOW, promised } from '../test/intake.ts'
import { createReadinessCheck } from './check-readiness.ts'
import { type Reply, replyText } from './http-values.ts'
import { createRouter } from './route-request.ts'

function serve(checkReadiness: () => Promise<readonly string[]> = async () => []) {
  const metrics = createMetrics()
  const route = createRouter({
    receive: async () => replyText(200, 'line 1'),
    callbacks: { '/trello': async () => replyText(200, '') },
    checkReadiness,
    renderMetrics: () => metrics.render(),
    metrics,
    clock: createVirtualClock(NOW),
  })
  return (method: string, path: string): Promise<Reply> => route({ method, path, headers: {}, body: new Uint8Array() })
}

describe('the pages for machines', () => {
  it('/health says that the process answers, also when everything else is down', async () => {
    const reply = await serve(async () => ['queues'])('GET', '/health')
    expect(reply).toMatchObject({ status: 200, body: '{"status":"alive","service":"ticketing"}' })
  })

  it('/ready is 200 when nothing is missing and 503 with names when something is', async () => {
    expect(await serve()('GET', '/ready')).toMatchObject({ status: 200, body: '{"status":"ready"}' })
    expect(await serve(async () => ['queues'])('GET', '/ready')).toMatchObject({
      status: 503,
      body: '{"status":"not ready","waitingFor":["queues"]}',
    })
  })

  it('/metrics shows how long answers took', async () => {
    const ask = serve()
    await ask('POST', '/')
    const reply = await ask('GET', '/metrics')
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(reply.body).toContain('ticketing_answer_seconds_count{status="200"} 1')
  })
})

describe('routes', () => {
  it.each([
    ['POST', '/', 200, undefined],
    ['POST', '/?id=team', 200, undefined],
    ['GET', '/', 405, 'POST'],
    ['POST', '/health', 405, 'GET, HEAD'],
    ['DELETE', '/metrics', 405, 'GET, HEAD'],
    ['HEAD', '/ready', 200, undefined],
    ['GET', '/admin', 404, undefined],
    ['GET', '/constructor', 404, undefined],
    ['GET', '//health', 404, undefined],
    ['POST', '', 404, undefined],
    ['HEAD', '/trello?x=1', 200, undefined],
    ['POST', '/trello/', 404, undefined],
    ['POST', '/slack', 404, undefined],
  ])('%s %s is %i', async (...[method, path, status, allow]) => {
    const reply = await serve()(method, path)
    expect(reply.status).toBe(status)
    expect(reply.headers['allow']).toBe(allow)
  })
})

describe('readiness', () => {
  it('is checked at AWS at most every five seconds, and a silent check counts as failed after two', async () => {
    const clock = createVirtualClock(NOW)
    let asked = 0
    const find = createReadinessCheck({
      clock,
      checks: {
        secret: async () => {
          asked += 1
          return true
        },
        queues: () => promised<boolean>().promise,
      },
    })
    const first = find()
    await clock.advance(2000)
    expect(await first).toEqual(['queues'])
    await find()
    expect(asked).toBe(1)
    await clock.advance(3000)
    void find()
    expect(asked).toBe(2)
  })

  it('is checked again after five seconds, also when the clock was set back', async () => {
    const clock = createVirtualClock(NOW)
    let isUp = true
    const find = createReadinessCheck({ clock, checks: { queues: async () => isUp } })
    expect(await find()).toEqual([])
    isUp = false
    clock.jump(-3_600_000)
    await clock.advance(5000)
    expect(await find()).toEqual(['queues'])
  })
})
